"""What a method of the comparison is: named losses of a training step, scores of snippets.

The driver of the comparison builds methods by name (``nn.methods.build_method``), sums what
``losses`` returns, and calls ``score`` at test. No method reads files or knows data sets.
"""

# B bags, T snippets, D features, K categories (normal is last)

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.errors import ConfigError
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.tcsal import scaled_unit
from tpwng_core.nn.text_tower import TextTower

Supervision = Literal["none", "weak", "full"]


@dataclass(frozen=True, kw_only=True)
class TextInput:
    """The text side of CLIP, for the methods that read category names.

    Attributes:
        tower: frozen; shared between methods, never trained.
        texts: K category texts, the normal one last.
        similarity_scale: what cosines are multiplied by (10 for OpenAI's ViT-B/16).
    """

    tower: TextTower
    texts: tuple[str, ...]
    similarity_scale: float


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What every method is built for.

    Attributes:
        dim: D, length of a snippet's feature.
        num_categories: K, the normal one included.
        text: the text tower and the category texts; None where no method needs them.

    Raises:
        ConfigError: fewer than two categories, or a text for each is missing.
    """

    dim: int
    num_categories: int
    text: TextInput | None = None

    def __post_init__(self) -> None:
        require(self.dim >= 1, f"features of {self.dim} dimensions cannot be scored")
        require(self.num_categories >= 2, "a comparison needs normal and one more category")
        given = self.num_categories if self.text is None else len(self.text.texts)
        require(
            given == self.num_categories,
            f"{self.num_categories} categories but {given} category texts",
        )


class Method(nn.Module):
    """A way to score snippets, trained on bags.

    Class attributes:
        title: name, authors, venue and year, for tables.
        supervision: what it is trained on: nothing, video labels, or snippet labels.
        needs_text: whether ``Problem.text`` must be given.
        max_snippets: longest bag ``losses`` and ``score`` take; None for any.
        config_type: the dataclass of its settings.
    """

    title: ClassVar[str]
    supervision: ClassVar[Supervision] = "weak"
    needs_text: ClassVar[bool] = False
    max_snippets: int | None = None
    config_type: ClassVar[type]

    @abstractmethod
    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """Named scalars, already weighted, to be summed; empty where nothing is trained."""

    @abstractmethod
    def score(self, features: Tensor, mask: Tensor) -> Tensor:
        """How anomalous each snippet is.

        Args:
            features: (B, T, D) un-normalised; the padding may hold anything.
            mask: (B, T) bool, True where a snippet is real; at least one a bag.

        Returns:
            (B, T) in [0, 1], higher = more anomalous; 0 in the padding.
        """

    def text_parameters(self) -> list[nn.Parameter]:
        """What is trained at the text half's rate: learned prompts, if any."""
        return []

    def temporal_parameters(self) -> list[nn.Parameter]:
        """Everything else that is trained; empty where nothing is."""
        text = {id(item) for item in self.text_parameters()}
        return [p for p in self.parameters() if p.requires_grad and id(p) not in text]


def text_of(problem: Problem) -> TextInput:
    """The text side of the problem.

    Raises:
        ConfigError: there is none, or its features are not of the snippets' dimension.
    """
    text = problem.text
    if text is None:
        raise ConfigError("this method reads category names", "give --clip and the categories")
    text_dim = text.tower.text_projection.shape[1]
    require(
        text_dim == problem.dim,
        f"features have {problem.dim} dimensions, texts {text_dim}: --clip is not theirs",
    )
    return text


def scaled(features: Tensor, mask: Tensor) -> Tensor:
    """Snippets of length sqrt(D), zero in the padding: what every trained method reads.

    TPWNG's classifier reads the same (spec B.5), so no method gains or loses by the norm that a
    CLIP happens to give its features.

    Departs from the papers: they take features as they come.
    """
    return scaled_unit(features.masked_fill(~mask[..., None], 0.0))
