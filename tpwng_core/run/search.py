"""The verb search: a text in, the moments of a whole project that match it best out.

Features are read from disk as they lie there, a video at a time in a few threads; of every video
only the curve is kept, and moments are looked for only where a video can still be among the
best. Called by the command line and the worker.
"""

# T snippets, D features

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.checkpoint import Checkpoint, read_checkpoint
from tpwng_core.config import require
from tpwng_core.errors import FeatureError, InputError
from tpwng_core.events import Artifact, Message, Reporter, Started
from tpwng_core.features import FeatureSet, open_feature_folder
from tpwng_core.files import write_text
from tpwng_core.formats.cells import csv_lines
from tpwng_core.nn.clip import Clip
from tpwng_core.nn.device import resolve_device
from tpwng_core.run.clips import clip_for_features
from tpwng_core.run.model import mean_over_crops
from tpwng_core.run.moments import Floats, Moment, moments
from tpwng_core.run.query import encode_learned, encode_plain, unknown_words

COLUMNS = (
    "rank", "video", "similarity", "start_frame", "end_frame", "peak_frame", "start_s", "end_s",
    "num_similar", "also",
)  # fmt: skip
_DUPLICATE_COSINE = 0.995
_MOST_ALSO = 5


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """What is looked for, and where.

    Attributes:
        text: any words.
        features: folder of feature files.
        checkpoint: whose learned prompts the words go through; None: plain CLIP.
        clip: ``--clip``; None takes the one the features came from.
        top: how many moments.
        merge_above: cosine between the peaks of two moments above which they are one result.
        out: CSV; None writes none.
        device: of the text tower.
    """

    text: str
    features: Path
    checkpoint: Path | None = None
    clip: str | None = None
    top: int = 20
    merge_above: float = _DUPLICATE_COSINE
    out: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        require(bool(self.text.strip()), "the text to search for is empty")
        require(self.top >= 1, "top must be at least 1")


@dataclass(kw_only=True)
class Hit:
    """One result.

    Attributes:
        video: id.
        moment: in snippets.
        frames: first frame, frame behind the last one, frame of the peak.
        seconds: start and end from the first frame; None where the features know no time.
        also: other moments that look the same, ``video@frame``; only the first few.
        num_similar: how many others there were among those looked at.
    """

    video: str
    moment: Moment
    frames: tuple[int, int, int]
    seconds: tuple[float, float] | None
    also: list[str] = field(default_factory=list)
    num_similar: int = 0


def search(request: SearchRequest, report: Reporter) -> dict[str, Any]:
    """Find the moments that match a text best.

    Args:
        request: what is looked for.
        report: hears of words the CLIP cannot know.

    Returns:
        Summary: ``hits`` (dictionaries with :data:`COLUMNS`), ``unknown_words``, ``num_videos``,
        ``num_snippets``, and ``out``.

    Raises:
        TpwngError: features, checkpoint or CLIP are missing or do not fit.
    """
    features = open_feature_folder(request.features)
    report(Started(verb="search", total=len(features)))
    clip, _ = clip_for_features(request.clip, features, resolve_device(request.device))
    unknown = unknown_words(clip, request.text)
    if unknown:
        text = f"the CLIP {clip.name} never saw the words: {', '.join(unknown)}"
        report(Message(level="warning", text=text))
    feature = encode_query(request, clip)
    curves = similarity_curves(features, feature)
    hits = best_hits(features, curves, request.top, request.merge_above)
    rows = [_row(rank, hit) for rank, hit in enumerate(hits, start=1)]
    if request.out is not None:
        write_text(request.out, _csv(rows))
        report(Artifact(kind="search", path=request.out))
    return {
        "hits": rows,
        "unknown_words": list(unknown),
        "num_videos": len(curves),
        "num_snippets": int(sum(len(curve) for curve in curves.values())),
        "out": None if request.out is None else str(request.out),
    }


def encode_query(request: SearchRequest, clip: Clip) -> NDArray[np.float32]:
    """(D,) feature of the request's text.

    Raises:
        FeatureError: the checkpoint is of another CLIP.
    """
    if request.checkpoint is None:
        return encode_plain(clip, request.text)
    if not request.checkpoint.exists():
        raise InputError(f"there is no file {request.checkpoint}", "check the path")
    checkpoint: Checkpoint = read_checkpoint(request.checkpoint)
    if checkpoint.meta.clip.weight_sha256 != clip.weight_sha256:
        raise FeatureError(
            f"{request.checkpoint} was trained on CLIP {checkpoint.meta.clip.spec}, "
            "these features are of another",
            "search without --checkpoint, or in the features it was trained on",
        )
    return encode_learned(clip, checkpoint, request.text)


def similarity_curves(
    features: Mapping[str, FeatureSet], query: NDArray[np.float32]
) -> dict[str, Floats]:
    """(T,) cosine of every snippet of every video with a query.

    Args:
        features: of all videos; read once, block by block.
        query: (D,), any norm.

    Raises:
        FeatureError: a video has features of another dimension.
    """
    unit = query / max(float(np.linalg.norm(query)), 1e-12)

    def curve(video: str) -> Floats:
        found = features[video]
        if found.dim != len(unit):
            raise FeatureError(
                f"features of {video} have {found.dim} dimensions, the text has {len(unit)}",
                "give the --clip that they were made with",
            )
        rows = np.asarray(mean_over_crops(found), dtype=np.float32)
        lengths = np.sqrt(np.einsum("td,td->t", rows, rows))
        return np.asarray(rows @ unit / np.maximum(lengths, 1e-12), dtype=np.float32)

    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="search") as pool:
        return dict(zip(features, pool.map(curve, features), strict=True))


def best_hits(
    features: Mapping[str, FeatureSet],
    curves: Mapping[str, Floats],
    top: int,
    merge_above: float = _DUPLICATE_COSINE,
) -> list[Hit]:
    """The best moments over all videos; those that look the same are one.

    Args:
        features: of the videos, for the looks of a peak and the frames of a snippet.
        curves: (T,) per video.
        top: how many.
        merge_above: cosine of two peaks' features.
    """
    hits: list[Hit] = []
    looks: list[NDArray[np.float32]] = []
    for video, moment in _in_order(curves):
        look = _look(features[video], moment.peak)
        twin = _twin(look, looks, merge_above)
        if twin is not None:
            found = _frames(features[video], moment)
            hits[twin].num_similar += 1
            if len(hits[twin].also) < _MOST_ALSO:
                hits[twin].also.append(f"{video}@{found[2]}")
            continue
        if len(hits) == top:
            break
        looks.append(look)
        hits.append(_hit(video, moment, features[video]))
    return hits


def _in_order(curves: Mapping[str, Floats]) -> Iterator[tuple[str, Moment]]:
    """Moments of all videos, best first; a video's next one is looked for after its last."""
    sources = {video: moments(curve) for video, curve in curves.items() if len(curve)}
    # until its first moment is wanted, a video stands in the queue by its maximum alone
    queue: list[tuple[float, str, Moment | None]] = [
        (-float(curves[video].max()), video, None) for video in sources
    ]
    heapq.heapify(queue)
    while queue:
        _, video, moment = heapq.heappop(queue)
        if moment is not None:
            yield video, moment
        following = next(sources[video], None)
        if following is not None:
            heapq.heappush(queue, (-following.similarity, video, following))


def _look(features: FeatureSet, snippet: int) -> NDArray[np.float32]:
    row = np.asarray(features.features[snippet], dtype=np.float32)
    row = row.mean(axis=0) if row.ndim == 2 else row
    return np.asarray(row / max(float(np.linalg.norm(row)), 1e-12), dtype=np.float32)


def _twin(
    look: NDArray[np.float32], looks: Sequence[NDArray[np.float32]], merge_above: float
) -> int | None:
    """Which earlier result looks the same, if any."""
    if not looks:
        return None
    cosines = np.stack(looks) @ look
    nearest = int(cosines.argmax())
    return nearest if cosines[nearest] > merge_above else None


def _frames(features: FeatureSet, moment: Moment) -> tuple[int, int, int]:
    starts = features.snippet_start
    end = starts[moment.end] if moment.end < len(starts) else features.num_frames
    peak_end = starts[moment.peak + 1] if moment.peak + 1 < len(starts) else features.num_frames
    return int(starts[moment.start]), int(end), int((starts[moment.peak] + peak_end) // 2)


def _hit(video: str, moment: Moment, features: FeatureSet) -> Hit:
    start, end, peak = _frames(features, moment)
    seconds = None
    if features.meta is not None:
        unit_s, first = float(features.meta.time_base), int(features.pts[0])
        # a moment ends when its last frame does
        last = features.pts[end] if end < len(features.pts) else features.pts[-1]
        seconds = ((int(features.pts[start]) - first) * unit_s, (int(last) - first) * unit_s)
    return Hit(video=video, moment=moment, frames=(start, end, peak), seconds=seconds)


def _row(rank: int, hit: Hit) -> dict[str, Any]:
    start, end, peak = hit.frames
    start_s, end_s = (round(second, 3) for second in hit.seconds) if hit.seconds else (None, None)
    values = (
        rank, hit.video, round(hit.moment.similarity, 4), start, end, peak, start_s, end_s,
        hit.num_similar, " ".join(hit.also),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """The results as a table whose text cells no spreadsheet runs."""
    cells = ([row[name] for name in COLUMNS] for row in rows)
    return "".join(csv_lines([COLUMNS, *cells]))
