"""A checkpoint kept ready to answer: scorer, text tower, and what was worked out with them.

A path in, a :class:`Warm` out; :class:`Kept` holds the last few of anything by key, a
:class:`Shelf` the checkpoints and features of a worker. Called by ``run/rescore.py``,
``run/attention.py``, ``run/search.py`` and ``run/heatmap.py``.
"""

# T snippets, D features, K categories (normal is last)

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core.checkpoint import Checkpoint, checkpoint_digest, read_checkpoint
from tpwng_core.datasets import is_normal_name, video_id
from tpwng_core.errors import InputError
from tpwng_core.features import FeatureSet, is_feature_file, open_feature_folder
from tpwng_core.nn.clip import Clip, load_text_tower
from tpwng_core.nn.device import resolve_device
from tpwng_core.run.model import Scorer, load_scorer
from tpwng_core.run.query import encode_learned, unknown_words
from tpwng_core.run.score import make_scores

_V = TypeVar("_V")
_KEPT = 4  # a person compares a few


class Kept(Generic[_V]):
    """The last few values by key; the oldest is forgotten."""

    def __init__(self) -> None:
        self._values: dict[Hashable, _V] = {}

    def get(self, key: Hashable, make: Callable[[], _V]) -> _V:
        """The value of a key, made where it is not kept."""
        value = self._values.pop(key) if key in self._values else make()
        self._values[key] = value
        while len(self._values) > _KEPT:
            del self._values[next(iter(self._values))]
        return value


class TextTowers:
    """CLIPs without their image towers, loaded once for all verbs that read words."""

    def __init__(self) -> None:
        self._clips = Kept[Clip]()

    def get(self, spec: str, device: torch.device) -> Clip:
        """The CLIP of a ``--clip``.

        Raises:
            ConfigError: it cannot be had.
        """
        return self._clips.get((spec, str(device)), lambda: load_text_tower(spec, device))


class Warm:
    """A checkpoint, ready to score, and what was worked out with it.

    Args:
        checkpoint: its content.
        digest: of its file.
        device: where it scores.
        towers: text towers that others use too.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        digest: str,
        device: torch.device,
        towers: TextTowers | None = None,
    ) -> None:
        self._towers = towers or TextTowers()
        self.scorer = load_scorer(checkpoint, device)
        self.digest = digest
        self.trained_r = float(self.scorer.settings.temporal.softness)
        self._checkpoint = checkpoint
        self._texts = Kept[NDArray[np.float32]]()
        self._trained: WeakKeyDictionary[FeatureSet, NDArray[np.float32]] = WeakKeyDictionary()

    @classmethod
    def load(cls, path: Path, device: str, towers: TextTowers | None = None) -> Warm:
        """Read a checkpoint."""
        where = resolve_device(device)
        return cls(read_checkpoint(path), checkpoint_digest(path), where, towers)

    def trained_score(self, features: FeatureSet) -> NDArray[np.float32]:
        """(T,) scores of a video at the trained R."""
        if features not in self._trained:
            scored = make_scores(self.scorer, features, self.digest)
            self._trained[features] = scored.snippet_score
        return self._trained[features]

    def with_text(self, text: str) -> Scorer:
        """The scorer with words of a person as one more category, before the normal one.

        Words that name a category already there add none.
        """
        if is_normal_name(text) or known_category(text, self.scorer.category_ids):
            return self.scorer
        row = self._texts.get((text,), lambda: self._encode(text))
        texts = np.insert(self.scorer.text, -1, row, axis=0)
        ids = list(self.scorer.meta.categories.items())
        categories = dict([*ids[:-1], (text, text), ids[-1]])
        return replace(
            self.scorer, text=texts, meta=replace(self.scorer.meta, categories=categories)
        )

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """Words that the checkpoint's CLIP never saw; none where they name a category."""
        if is_normal_name(text) or known_category(text, self.scorer.category_ids):
            return ()
        return unknown_words(self._clip(), text)

    def _encode(self, text: str) -> NDArray[np.float32]:
        """(D,) feature of words never trained on."""
        return encode_learned(self._clip(), self._checkpoint, text)

    def _clip(self) -> Clip:
        return self._towers.get(self.scorer.meta.clip.spec, self.scorer.device)


class Shelf:
    """Checkpoints, features and text towers that are kept for the next request.

    A file that was replaced on disk is read again.

    Args:
        towers: text towers that others use too.
    """

    def __init__(self, towers: TextTowers | None = None) -> None:
        self._towers = towers or TextTowers()
        self._scorers = Kept[Warm]()
        self._videos = Kept[FeatureSet]()

    def checkpoint(self, path: Path, device: str) -> Warm:
        """A run's checkpoint, ready to score.

        Raises:
            TpwngError: it is missing or damaged.
        """
        key = (stamp(path), device)
        return self._scorers.get(key, lambda: Warm.load(path, device, self._towers))

    def features(self, video: str, path: Path | None) -> FeatureSet:
        """Features of a video.

        Args:
            video: id, or path of the video.
            path: folder of features, or the video's feature file; None: ``video`` is that file.

        Raises:
            TpwngError: there are none, or they are damaged.
        """
        path = path or Path(video)
        if is_feature_file(path):
            return self._videos.get((stamp(path),), lambda: _only(path))
        name, folder = video_id(video), open_feature_folder(path)
        if name not in folder:
            raise InputError(
                f"{path} holds no features of {name}", "extract them: tpwng-core extract"
            )
        stamps = tuple(stamp(file) for file in folder.paths(name))
        return self._videos.get(stamps, lambda: folder[name])


def known_category(text: str, category_ids: Sequence[str]) -> str | None:
    """The id of a category that words name, any case."""
    return next((name for name in category_ids if name.casefold() == text.casefold()), None)


def stamp(path: Path) -> tuple[str, int, int]:
    """What changes when a file is replaced, as a key for :class:`Kept`.

    Raises:
        InputError: there is no such file.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"there is no file or folder {path}", "check the path") from error
    return (str(path), state.st_mtime_ns, state.st_size)


def _only(path: Path) -> FeatureSet:
    folder = open_feature_folder(path)
    return folder[next(iter(folder))]
