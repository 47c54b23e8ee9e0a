"""The verb watch: its options, and the way to its request.

Called by ``parser.py`` and ``verbs.py``. Importing it imports neither torch nor NumPy.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from tpwng_core.cli.grammar import DEVICE, Verb, option, out_option, path_option
from tpwng_core.errors import InputError
from tpwng_core.events import Reporter

VERBS: tuple[Verb, ...] = (
    Verb(
        "watch",
        "score a camera, a stream or a growing file as it comes, and log alarms",
        (
            option(
                "source",
                metavar="SOURCE",
                help="camera:0, an address such as rtsp://HOST/PATH, or a file (.ts, .mkv)",
            ),
            path_option("--checkpoint", "of a run with temporal.causal=true", required=True),
            out_option("log of alarms, one JSON object a line; appended to", metavar="EVENTS"),
            path_option(
                "--pictures",
                "folder for small pictures: what was seen last, and each alarm's peak",
                metavar="DIR",
            ),
            option("--clip", help="as for score (default: the checkpoint's)"),
            option("--threshold", type=float, default=0.5, help="score that begins an alarm (.5)"),
            option(
                "--release",
                type=float,
                help="score below which it ends (default: 0.8 of the threshold)",
            ),
            option(
                "--hold",
                type=int,
                default=2,
                metavar="SNIPPETS",
                help="snippets in a row below the release that end it (default: 2)",
            ),
            option(
                "--patience",
                type=float,
                default=10.0,
                metavar="SECONDS",
                help="without data: a stream is opened again, a file has ended (default: 10)",
            ),
            DEVICE,
        ),
    ),
)


def _watch(options: Namespace, report: Reporter) -> dict[str, Any]:
    if not options.checkpoint.exists():
        raise InputError(f"there is no file {options.checkpoint}", "check the path")
    from tpwng_core.run.alarms import AlarmConfig
    from tpwng_core.run.watch import WatchRequest, watch

    release = options.release
    alarms = AlarmConfig(
        threshold=options.threshold,
        release=0.8 * options.threshold if release is None else release,
        hold_snippets=options.hold,
    )
    request = WatchRequest(
        source=options.source,
        checkpoint=options.checkpoint,
        out=options.out,
        pictures=options.pictures,
        alarms=alarms,
        clip=options.clip,
        device=options.device,
        patience_s=options.patience,
    )
    is_text = options.events != "json"
    return watch(request, report, _say if is_text else lambda line: None)


def _say(line: str) -> None:
    print(line, flush=True)


HANDLERS = {"watch": _watch}
