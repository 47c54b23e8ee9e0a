"""The verb heatmap: where in one frame the image tower finds a category, or any words.

A video, a frame and words in; a coarse map of the picture's middle square out, as ``.npz``, or
laid over the frame as ``.png``. CLIP, checkpoint and decoder stay in memory, so that the second map
costs one frame and one pass through the tower. Called by the command line and by the worker.
"""

# G patches along a side, D features, K texts

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tpwng_core.config import did_you_mean, require
from tpwng_core.datasets import is_normal_name, video_id
from tpwng_core.errors import CheckpointError, ConfigError
from tpwng_core.events import Artifact, Message, Reporter, Started
from tpwng_core.files import atomic_write
from tpwng_core.heatmap import Heatmap, describe, to_unit, write_heatmap
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.dense import DEFAULT_READING, READINGS, Reading, patch_similarity
from tpwng_core.nn.device import resolve_device
from tpwng_core.nn.masked import unit
from tpwng_core.report.heat import overlay, with_words
from tpwng_core.run.label import parse_category
from tpwng_core.run.preprocess import Preparation, normalise
from tpwng_core.run.query import encode_plain, unknown_words, words_of
from tpwng_core.run.warm import Kept, Warm, known_category, stamp
from tpwng_core.video import VideoReader

SUFFIXES = (".npz", ".png")
_CACHE_BYTES = 64 << 20


@dataclass(frozen=True, kw_only=True)
class HeatmapRequest:
    """What is looked for, and where.

    Attributes:
        video: the file.
        frame: its number.
        out: ``.npz`` for the numbers, ``.png`` for a picture.
        category: ids joined by ``|``, of the checkpoint; each patch shows its best one.
        text: any words instead of a category.
        checkpoint: whose learned texts are taken; None: plain CLIP, which needs ``text``.
        clip: ``--clip``; None takes the checkpoint's.
        reading: how the tower is read, see ``nn.dense``.
        contrast: count only what matches better than the text "normal".
        device: of the towers.
    """

    video: Path
    frame: int
    out: Path
    category: str | None = None
    text: str | None = None
    checkpoint: Path | None = None
    clip: str | None = None
    reading: Reading = DEFAULT_READING
    contrast: bool = False
    device: str = "auto"

    def __post_init__(self) -> None:
        require(bool(self.text) != bool(self.category), "heatmap needs --category or --text")
        has_words = not self.text or bool(words_of(self.text))
        require(has_words, f"there are no words in {self.text!r}")
        require(bool(self.checkpoint or self.clip), "heatmap needs --checkpoint or --clip")
        require(bool(self.checkpoint or self.text), "--category needs a --checkpoint that knows it")
        if self.reading not in READINGS:
            hint = did_you_mean(self.reading, READINGS)
            raise ConfigError(f"there is no reading {self.reading!r}", hint)
        if self.contrast and is_normal_name(self.text or ""):
            raise ConfigError("normal has no contrast with itself", "leave out --contrast")
        if self.out.suffix not in SUFFIXES:
            raise ConfigError(f"a heat map cannot be written to {self.out}", "FILE.npz or FILE.png")


@dataclass(frozen=True, kw_only=True)
class Query:
    """What patches are compared with.

    Attributes:
        rows: (K, D) texts of unit length.
        normal: (D,) the text of normal, of unit length.
        words: the K texts, for people.
    """

    rows: Tensor
    normal: Tensor
    words: tuple[str, ...]

    @classmethod
    def of(cls, rows: NDArray[np.float32], words: tuple[str, ...], clip: Clip) -> Query:
        """Of (K + 1, D) text features, the last one normal."""
        texts = unit(torch.from_numpy(np.array(rows)).to(clip.device))
        return cls(rows=texts[:-1], normal=texts[-1], words=words)


class Heatmapper:
    """Keeps what maps have in common: towers, checkpoints, the video that is open."""

    def __init__(self) -> None:
        self._clips = Kept[Clip]()
        self._checkpoints = Kept[Warm]()
        self._reader: VideoReader | None = None
        self._reader_key: object = None

    def heatmap(self, request: HeatmapRequest, report: Reporter) -> dict[str, Any]:
        """Make the map of one frame and write it.

        Args:
            request: what is looked for.
            report: hears of words the CLIP cannot know, and of the file.

        Returns:
            Summary: ``out``, and the map's ``grid_size``, ``box``, ``size`` and description.

        Raises:
            TpwngError: the video, the frame, the checkpoint or the CLIP is missing or does not fit.
        """
        report(Started(verb="heatmap", total=1))
        clip = self._clip(request)
        clip.image_tower()
        query = self._query(request, clip)
        unknown = unknown_words(clip, " ".join(query.words)) if request.text else ()
        if unknown:
            text = f"the CLIP {clip.name} never saw the words: {', '.join(unknown)}"
            report(Message(level="warning", text=text))
        picture = self._open(request.video).frame(request.frame)
        values = match(clip, picture, query, request.reading, contrast=request.contrast)
        meta = {
            "video": video_id(str(request.video)),
            "frame": request.frame,
            "texts": list(query.words),
            "reading": request.reading,
            "contrast": request.contrast,
            "low": float(values.min()),
            "high": float(values.max()),
            "clip": clip.name,
            "unknown_words": list(unknown),
        }
        heatmap = Heatmap(
            grid=to_unit(values),
            box=Preparation.of(clip, "center").covered(*picture.shape[:2]),
            size=(picture.shape[1], picture.shape[0]),
            meta=meta,
        )
        _write(request.out, heatmap, picture)
        report(Artifact(kind="heatmap", path=request.out))
        size = len(heatmap.grid)
        return {"out": str(request.out), "grid_size": size, "box": heatmap.box, **meta}

    def close(self) -> None:
        """Close the video."""
        if self._reader is not None:
            self._reader.close()
        self._reader, self._reader_key = None, None

    def _clip(self, request: HeatmapRequest) -> Clip:
        spec = request.clip
        if spec is None:
            assert request.checkpoint is not None
            spec = self._checkpoint(request).scorer.meta.clip.spec
        device = resolve_device(request.device)
        return self._clips.get((spec, device), lambda: load_clip(spec, device))

    def _checkpoint(self, request: HeatmapRequest) -> Warm:
        path = request.checkpoint
        assert path is not None
        key = (stamp(path), request.device)
        return self._checkpoints.get(key, lambda: Warm.load(path, request.device))

    def _query(self, request: HeatmapRequest, clip: Clip) -> Query:
        text, normal = request.text, "normal"
        if request.checkpoint is None:
            assert text is not None
            rows = np.stack([encode_plain(clip, words) for words in (text, normal)])
            return Query.of(rows, (text,), clip)
        warm = self._checkpoint(request)
        _check_same(clip, warm)
        scorer = warm.with_text(text) if text else warm.scorer
        ids = _ids_of(request, scorer.category_ids)
        rows = scorer.text[[*(scorer.category_ids.index(name) for name in ids), -1]]
        words = tuple(scorer.meta.categories[name] for name in ids)
        return Query.of(rows, (text,) if text else words, clip)

    def _open(self, path: Path) -> VideoReader:
        key = stamp(path)
        if self._reader is None or self._reader_key != key:
            self.close()
            self._reader = VideoReader(path, cache_bytes=_CACHE_BYTES)
            self._reader_key = key
        return self._reader


def match(
    clip: Clip,
    picture: NDArray[np.uint8],
    query: Query,
    reading: Reading = DEFAULT_READING,
    *,
    contrast: bool = False,
) -> NDArray[np.float32]:
    """How well each patch of a frame's middle square matches the best of the texts.

    A difference of two cosines is the product with the difference of the two texts, and every
    reading is linear in the text but for its last step: the contrast costs no second pass.

    Args:
        clip: with its image tower.
        picture: (H, W, 3) RGB.
        query: the texts.
        reading: how the tower is read.
        contrast: the cosine with "normal" is taken off.

    Returns:
        (G, G) as :func:`tpwng_core.nn.dense.patch_similarity` says, or differences of two such.
    """
    pixels = Preparation.of(clip, "center").apply(picture)
    image = normalise(pixels.to(clip.device), clip, torch.float32)
    rows = query.rows - query.normal if contrast else query.rows
    length = rows.norm(dim=1)[:, None, None]
    values = patch_similarity(clip, image, rows, reading) * length
    return np.asarray(values.amax(dim=0).cpu().numpy(), dtype=np.float32)


def _ids_of(request: HeatmapRequest, category_ids: Sequence[str]) -> tuple[str, ...]:
    """Which of a scorer's categories are asked for; words never trained on are one of them."""
    if request.text:
        return (known_category(request.text, category_ids) or category_ids[-1],)
    assert request.category is not None
    ids = parse_category(request.category, category_ids)
    if not ids:
        raise ConfigError("a normal video has no category to look for", "give --text instead")
    return ids


def _check_same(clip: Clip, warm: Warm) -> None:
    known = warm.scorer.meta.clip
    if clip.weight_sha256 != known.weight_sha256:
        raise CheckpointError(
            f"the checkpoint was trained with CLIP {known.name} ({known.weight_sha256[:12]}), "
            f"not with {clip.name} ({clip.weight_sha256[:12]})",
            "leave out --clip, or give the one it was trained with",
        )


def _write(path: Path, heatmap: Heatmap, picture: NDArray[np.uint8]) -> None:
    if path.suffix == ".npz":
        write_heatmap(path, heatmap)
        return
    drawn = with_words(overlay(picture, heatmap), describe(heatmap))
    with atomic_write(path) as temporary:
        drawn.save(temporary, format="png")
