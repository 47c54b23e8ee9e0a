"""The verbs heatmap and attention: their options, and the way to their requests.

Called by the table of verbs, by ``verbs.py``, and by the worker, which keeps the models of one
request for the next. Importing it imports neither torch nor NumPy.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tpwng_core.cli.grammar import DEVICE, Verb, option, out_option, path_option, require_paths
from tpwng_core.events import Reporter

if TYPE_CHECKING:
    from tpwng_core.run.attention import AttentionRequest
    from tpwng_core.run.heatmap import HeatmapRequest

HEATMAP = "heatmap"
ATTENTION = "attention"

VERBS: tuple[Verb, ...] = (
    Verb(
        HEATMAP,
        "where in one frame a category or any words are found, as a picture or numbers",
        (
            option("video", type=Path, metavar="VIDEO", help="the video"),
            option("--frame", type=int, required=True, help="its number, from 0"),
            option("--category", help="id of the checkpoint's, several joined by |"),
            option("--text", help="any words instead: 'a person climbs a fence'"),
            path_option("--checkpoint", "take this run's learned texts, not plain CLIP's"),
            option("--clip", help="as for train (default: the checkpoint's)"),
            option(
                "--reading",
                help="occlusion (default: it measured best), values, gradient or tokens",
            ),
            option(
                "--contrast",
                action="store_true",
                help="count only what matches better than 'normal'",
            ),
            out_option("FILE.png: over the frame; FILE.npz: the numbers", metavar="FILE"),
            DEVICE,
        ),
    ),
    Verb(
        ATTENTION,
        "which snippets of a video the detector looked at while it scored one frame",
        (
            option("video", metavar="VIDEO", help="the video, its id, or its feature file"),
            option("--frame", type=int, required=True, help="its number, from 0"),
            path_option("--checkpoint", "of a run", required=True),
            path_option("--features", "folder of feature files", metavar="DIR"),
            option("--r", type=float, help="span softness in snippets (default: as trained)"),
            out_option("FILE.csv: a row per snippet; FILE.npz: the numbers", metavar="FILE"),
            DEVICE,
        ),
    ),
)


def heatmap_request(options: Namespace) -> HeatmapRequest:
    """The request of parsed options.

    Raises:
        ConfigError: options that exclude or need each other.
        InputError: there is no such video.
    """
    require_paths(options.video)
    from tpwng_core.run.heatmap import HeatmapRequest

    given = {"reading": options.reading} if options.reading else {}
    return HeatmapRequest(
        video=options.video,
        frame=options.frame,
        category=options.category,
        text=options.text,
        checkpoint=options.checkpoint,
        clip=options.clip,
        contrast=options.contrast,
        out=options.out,
        device=options.device,
        **given,
    )


def _heatmap(options: Namespace, report: Reporter) -> dict[str, Any]:
    request = heatmap_request(options)
    from tpwng_core.run.heatmap import Heatmapper

    heatmapper = Heatmapper()
    try:
        return heatmapper.heatmap(request, report)
    finally:
        heatmapper.close()


def attention_request(options: Namespace) -> AttentionRequest:
    """The request of parsed options.

    Raises:
        ConfigError: R is no length, or the file is of no kind we write.
    """
    from tpwng_core.run.attention import AttentionRequest

    return AttentionRequest(
        video=options.video,
        frame=options.frame,
        checkpoint=options.checkpoint,
        features=options.features,
        r=options.r,
        out=options.out,
        device=options.device,
    )


def _attention(options: Namespace, report: Reporter) -> dict[str, Any]:
    request = attention_request(options)
    from tpwng_core.run.attention import Observer

    return Observer().attention(request, report)


HANDLERS = {HEATMAP: _heatmap, ATTENTION: _attention}
