"""Which CLIP a person means: ``NAME:PRETRAINED``, ``NAME:FILE``, ``demo`` or a CLIP folder.

In comes the text of ``--clip``, out goes a :class:`ClipSpec` that ``nn.clip.load_clip`` opens.
Free of torch, so that the command line can refuse a wrong name at once.

A *CLIP folder* holds ``config.json`` and ``weights.safetensors``. Its ``config.json`` is
open_clip's (``model_cfg``, ``preprocess_cfg``) with our own keys beside them: ``name``,
``sim_scale``, ``token_ids`` (see :class:`tpwng_core.nn.clip.ClipFolder`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tpwng_core.errors import ConfigError
from tpwng_core.files import asset

DEFAULT_CLIP = "ViT-B-16-quickgelu:openai"
DEFAULT_TAG = "openai"
FOLDER_CONFIG = "config.json"
FOLDER_WEIGHTS = "weights.safetensors"

_WEIGHT_SUFFIXES = frozenset({".safetensors", ".pt", ".pth", ".bin", ".ckpt", ".npz"})

FOLDER_SOURCES: dict[str, Callable[[str], Path]] = {"demo": lambda _: asset("demo/clip")}
"""Names that stand for a CLIP folder: ``NAME`` or ``NAME:ARGUMENT`` -> folder.

The text towers of the synthetic benchmark are made by a verb, and networks know no verbs, so
``tpwng_core.run`` enters its own maker here (``synthetic``).
"""


@dataclass(frozen=True, kw_only=True)
class ClipSpec:
    """One CLIP, named.

    Attributes:
        kind: ``pretrained`` (a tag open_clip knows), ``file`` (local weights of a named
            architecture) or ``folder`` (a CLIP folder, which carries its own configuration).
        name: open_clip's architecture, or the name or path of the folder.
        source: the tag, the weight file, or the argument of a :data:`FOLDER_SOURCES` entry.
    """

    kind: Literal["pretrained", "file", "folder"]
    name: str
    source: str

    def __str__(self) -> str:
        return f"{self.name}:{self.source}" if self.source else self.name

    @classmethod
    def parse(cls, text: str) -> ClipSpec:
        """The CLIP that ``text`` names.

        Raises:
            ConfigError: nothing is named, or weights are named without their architecture.
        """
        text = text.strip()
        head, _, tail = text.partition(":")
        if head in FOLDER_SOURCES:
            return cls(kind="folder", name=head, source=tail)
        if text and Path(text).is_dir():
            return cls(kind="folder", name=text, source="")
        if not head or _is_weight_file(text, head):
            raise ConfigError(
                f"--clip {text!r} names no architecture",
                "weights do not say their activation: write NAME:FILE, "
                f"e.g. ViT-B-16-quickgelu:{text or 'FILE'} for OpenAI's weights",
            )
        kind: Literal["pretrained", "file"] = "file" if _looks_like_path(tail) else "pretrained"
        return cls(kind=kind, name=head, source=tail or DEFAULT_TAG)

    def folder(self) -> Path:
        """The folder of a spec of kind ``folder``.

        Raises:
            ConfigError: the folder holds no CLIP.
        """
        maker = FOLDER_SOURCES.get(self.name)
        folder = maker(self.source) if maker else Path(self.name)
        for needed in (FOLDER_CONFIG, FOLDER_WEIGHTS):
            if not (folder / needed).is_file():
                raise ConfigError(
                    f"{folder} is no CLIP folder: it has no {needed}",
                    "give a folder written by tpwng-core, or NAME:FILE",
                )
        return folder


def _is_weight_file(text: str, head: str) -> bool:
    """Whether ``text`` is a path without an architecture before it (``C:\\x.pt`` included)."""
    return len(head) == 1 or Path(text).is_file() or _looks_like_path(head)


def _looks_like_path(text: str) -> bool:
    path = Path(text)
    return (
        "/" in text
        or "\\" in text
        or path.suffix.lower() in _WEIGHT_SUFFIXES
        or bool(text and path.is_file())
    )
