"""The verb search: a text in, the moments of a whole project that match it best out.

Features are read from disk as they lie there, a video at a time in a few threads; of every video
only the curve is kept. A :class:`Searcher` keeps what the next query needs again. Called by the
command line and the worker.
"""

# T snippets, D features

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core.checkpoint import Checkpoint, read_checkpoint
from tpwng_core.config import require
from tpwng_core.errors import FeatureError
from tpwng_core.events import Artifact, Message, Reporter, Started
from tpwng_core.features import FeatureFolder, FeatureSet, open_feature_folder
from tpwng_core.files import write_text
from tpwng_core.formats.cells import csv_lines
from tpwng_core.nn.clip import Clip
from tpwng_core.nn.device import resolve_device
from tpwng_core.querycurves import QueryCurve, QueryCurves, write_query_curves
from tpwng_core.run.clips import clip_for_features
from tpwng_core.run.hits import DUPLICATE_COSINE, Hit, best_hits
from tpwng_core.run.model import mean_over_crops
from tpwng_core.run.moments import Floats
from tpwng_core.run.query import encode_learned, encode_plain, unknown_words, words_of
from tpwng_core.run.warm import Kept, TextTowers, stamp

COLUMNS = (
    "rank", "video", "similarity", "start_frame", "end_frame", "peak_frame", "start_s", "end_s",
    "num_similar", "also",
)  # fmt: skip


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
        curves: ``.npz`` of the similarity of every snippet; None writes none.
        device: of the text tower.
    """

    text: str
    features: Path
    checkpoint: Path | None = None
    clip: str | None = None
    top: int = 20
    merge_above: float = DUPLICATE_COSINE
    out: Path | None = None
    curves: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        require(bool(self.text.strip()), "the text to search for is empty")
        require(bool(words_of(self.text)), f"there are no words in {self.text!r}")
        require(self.top >= 1, "top must be at least 1")


def search(request: SearchRequest, report: Reporter) -> dict[str, Any]:
    """Find the moments that match a text best, once; see :meth:`Searcher.search`."""
    return Searcher().search(request, report)


class Searcher:
    """Keeps text towers, encoded words and opened features for the next query.

    A file that was replaced on disk is read again.

    Args:
        towers: text towers that others use too.
    """

    def __init__(self, towers: TextTowers | None = None) -> None:
        self._towers = towers or TextTowers()
        self._queries = Kept[NDArray[np.float32]]()
        self._opened: dict[object, FeatureSet] = {}

    def search(self, request: SearchRequest, report: Reporter) -> dict[str, Any]:
        """Find the moments that match a text best.

        Args:
            request: what is looked for.
            report: hears of words the CLIP cannot know.

        Returns:
            Summary: ``hits`` (dictionaries with :data:`COLUMNS`), ``unknown_words``,
            ``num_videos``, ``num_snippets``, ``out`` and ``curves``.

        Raises:
            TpwngError: features, checkpoint or CLIP are missing or do not fit.
        """
        features = self._open(open_feature_folder(request.features))
        report(Started(verb="search", total=len(features)))
        device = resolve_device(request.device)
        clip, _ = clip_for_features(request.clip, features, device, self._towers.get)
        _check_all(features, clip)
        unknown = unknown_words(clip, request.text)
        if unknown:
            text = f"the CLIP {clip.name} never saw the words: {', '.join(unknown)}"
            report(Message(level="warning", text=text))
        curves = similarity_curves(features, self._encode(request, clip))
        hits = best_hits(features, curves, request.top, request.merge_above)
        rows = [_row(rank, hit) for rank, hit in enumerate(hits, start=1)]
        if request.out is not None:
            write_text(request.out, csv_text(rows))
            report(Artifact(kind="search", path=request.out))
        if request.curves is not None:
            write_query_curves(request.curves, _drawn(request, features, curves))
            report(Artifact(kind="query curves", path=request.curves))
        return {
            "hits": rows,
            "unknown_words": list(unknown),
            "num_videos": len(curves),
            "num_snippets": int(sum(len(curve) for curve in curves.values())),
            "out": _text(request.out),
            "curves": _text(request.curves),
        }

    def _open(self, folder: FeatureFolder) -> dict[str, FeatureSet]:
        """All videos of a folder; those whose files are the same as before stay open."""
        stamps = {video: tuple(stamp(path) for path in folder.paths(video)) for video in folder}
        known = self._opened
        found = {video: known.get(stamps[video]) or folder[video] for video in folder}
        self._opened = {stamps[video]: features for video, features in found.items()}
        return found

    def _encode(self, request: SearchRequest, clip: Clip) -> NDArray[np.float32]:
        run = None
        if request.checkpoint is not None:
            run = stamp(request.checkpoint)
        key = (request.text, run, clip.weight_sha256)
        return self._queries.get(key, lambda: encode_query(request, clip))


def _check_all(features: Mapping[str, FeatureSet], clip: Clip) -> None:
    """Raise FeatureError where features of another CLIP lie among the others."""
    for video, found in features.items():
        meta = found.meta
        if meta is not None and meta.weight_sha256 != clip.weight_sha256:
            raise FeatureError(
                f"features of {video} were made with CLIP {meta.clip_name}:{meta.pretrained}, "
                f"others with {clip.name}",
                "search folders of one CLIP, or extract again",
            )


def encode_query(request: SearchRequest, clip: Clip) -> NDArray[np.float32]:
    """(D,) feature of the request's text.

    Raises:
        FeatureError: the checkpoint is of another CLIP.
    """
    if request.checkpoint is None:
        return encode_plain(clip, request.text)
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
        # torch widens float16 ten times as fast as NumPy; the copy is there because it wants an
        # array that may be written to.
        rows = torch.from_numpy(np.array(mean_over_crops(found))).float().numpy()
        lengths = np.sqrt(np.einsum("td,td->t", rows, rows))
        return np.asarray(rows @ unit / np.maximum(lengths, 1e-12), dtype=np.float32)

    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="search") as pool:
        return dict(zip(features, pool.map(curve, features), strict=True))


def _row(rank: int, hit: Hit) -> dict[str, Any]:
    start, end, peak = hit.frames
    start_s, end_s = (round(second, 3) for second in hit.seconds) if hit.seconds else (None, None)
    values = (
        rank, hit.video, round(hit.moment.similarity, 4), start, end, peak, start_s, end_s,
        hit.num_similar, hit.also,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def csv_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The results as a table whose text cells no spreadsheet runs."""
    plain = ({**row, "also": " ".join(row["also"])} for row in rows)
    cells = ([row[name] for name in COLUMNS] for row in plain)
    return "".join(csv_lines([COLUMNS, *cells]))


def _drawn(
    request: SearchRequest, features: Mapping[str, FeatureSet], curves: Mapping[str, Floats]
) -> QueryCurves:
    videos = {
        video: QueryCurve(
            similarity=curve,
            edges=np.append(features[video].snippet_start, features[video].num_frames),
        )
        for video, curve in curves.items()
    }
    return QueryCurves(
        videos=videos, meta={"text": request.text, "checkpoint": _text(request.checkpoint)}
    )


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
