"""The verbs export and import: their options, and the way to their requests.

Called by ``parser.py`` and ``verbs.py``. Importing it imports neither torch nor NumPy.
"""

from __future__ import annotations

from argparse import Namespace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tpwng_core.cli.grammar import Option, Verb, option, out_option, path_option, require_paths
from tpwng_core.errors import ConfigError
from tpwng_core.events import Reporter

if TYPE_CHECKING:
    from tpwng_core.run.gathering import Sources

_PLACES = ("videos", "features", "scores", "pseudo", "ground_truth")
_FORMATS = "see the table in README.md, e.g. segments-csv, elan, cvat"
_BESIDE: tuple[Option, ...] = (
    path_option("--videos", "videos, for lengths, times and pictures", metavar="DIR"),
    path_option("--features", "feature files, for lengths and times", metavar="DIR"),
    path_option("--scores", "score files", metavar="DIR"),
    option("--fps", help="frame rate where nothing else tells it, e.g. 30 or 30000/1001"),
    option(
        "--inclusive-end",
        action="store_true",
        help="benchmark files whose last frame belongs to the segment",
    ),
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "export",
        "labels, pseudo-labels and scores in the formats of other tools",
        (
            option(
                "input",
                type=Path,
                metavar="INPUT",
                help="LABELS, PSEUDO or SCORES, a demo or project folder, or an annotation file",
            ),
            option("--format", required=True, metavar="NAME", help=f"all, or one: {_FORMATS}"),
            out_option("file, or folder of files", metavar="PATH"),
            option(
                "--source",
                choices=("human", "effective", "pseudo", "truth"),
                help="what people said, that over pseudo-labels, pseudo-labels, or ground truth "
                "(default: the first there is)",
            ),
            option(
                "--unknown",
                choices=("error", "omit", "normal"),
                help="unknown segments where a format cannot say so (default: error)",
            ),
            option(
                "--slots",
                choices=("refuse", "widen", "merge"),
                help="more than two segments for ucf-crime (default: refuse)",
            ),
            option("--reviewed-only", action="store_true", help="only videos that were reviewed"),
            path_option("--pseudo", "pseudo-label files", metavar="DIR"),
            path_option("--ground-truth", "annotation file for --source truth"),
            *_BESIDE,
        ),
    ),
    Verb(
        "import",
        "labels from the file of another tool",
        (
            option("file", type=Path, metavar="FILE", help="the file"),
            option("--format", default="auto", metavar="NAME", help=f"{_FORMATS} (default: auto)"),
            out_option("folder for <id>.labels.json", metavar="LABELS"),
            option(
                "--overlaps",
                choices=("error", "split"),
                default="error",
                help="segments that overlap: refuse, or split them where they do",
            ),
            option(
                "--with-pseudo",
                action="store_true",
                help="take the file's pseudo-labels as labels too",
            ),
            option("--replace", action="store_true", help="replace labels; each stays as .bak"),
            *_BESIDE,
        ),
    ),
)


def _sources(options: Namespace) -> Sources:
    from tpwng_core.run.gathering import Sources

    given = {name: getattr(options, name, None) for name in _PLACES}
    require_paths(*(path for path in given.values() if path is not None))
    return Sources(**given, fps=_rate(options.fps))


def _rate(text: str | None) -> Fraction | None:
    try:
        rate = None if text is None else Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise ConfigError(f"--fps {text!r} is no number", "e.g. 30 or 30000/1001") from error
    if rate is not None and rate <= 0:
        raise ConfigError(f"--fps {text} must be above 0", "e.g. 30 or 30000/1001")
    return rate


def run_export(options: Namespace, report: Reporter) -> dict[str, Any]:
    """Run export."""
    from tpwng_core.run.exporting import ExportRequest, export_files

    require_paths(options.input)
    request = ExportRequest(
        given=options.input,
        format=options.format,
        out=options.out,
        beside=_sources(options),
        source=options.source,
        unknown=options.unknown,
        slots=options.slots,
        reviewed_only=options.reviewed_only,
        inclusive_end=options.inclusive_end,
    )
    return export_files(request, report)


def run_import(options: Namespace, report: Reporter) -> dict[str, Any]:
    """Run import."""
    from tpwng_core.run.importing import ImportRequest, import_file

    require_paths(options.file)
    request = ImportRequest(
        file=options.file,
        format=options.format,
        out=options.out,
        beside=_sources(options),
        overlaps=options.overlaps,
        with_pseudo=options.with_pseudo,
        inclusive_end=options.inclusive_end,
        replace=options.replace,
    )
    return import_file(request, report)


HANDLERS = {"export": run_export, "import": run_import}
