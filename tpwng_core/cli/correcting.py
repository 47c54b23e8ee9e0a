"""The verb corrections: its options, and the way to its request.

Called by the table of verbs and by ``verbs.py``. Importing it imports neither torch nor NumPy.
"""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tpwng_core.cli.grammar import (
    DEVICE,
    Verb,
    option,
    out_option,
    path_option,
    require_paths,
    set_option,
)
from tpwng_core.config import PRESETS
from tpwng_core.errors import ConfigError, InputError
from tpwng_core.events import Reporter
from tpwng_core.rounds import HUMAN_WEIGHT

if TYPE_CHECKING:
    from tpwng_core.run.settings import Settings
    from tpwng_core.run.study import StudyRequest

_DATA = ("manifest", "features", "ground_truth", "train_ground_truth")
_LISTS = ("annotations", "train_annotations")
_DEFAULT_SEEDS = 5

VERBS: tuple[Verb, ...] = (
    Verb(
        "corrections",
        "how much corrections teach: a simulated analyst works down the review queue",
        (
            path_option("--manifest", "CSV with video,label[,split], or a benchmark's list file"),
            path_option("--features", "folder of feature files", metavar="DIR"),
            path_option("--ground-truth", "annotation file of the test videos"),
            path_option(
                "--train-ground-truth", "annotations of training videos, by which is corrected"
            ),
            option(
                "--worlds",
                nargs="+",
                type=Path,
                default=[],
                metavar="DIR",
                help="instead of these four: folders as synth and demo write them, one seed each",
            ),
            out_option("folder for report and finished courses; a second run goes on with them"),
            option("--seeds", dest="num_seeds", type=int, help="how many (default: 5)"),
            option("--rounds", type=int, default=5, help="of corrections (default: 5)"),
            option(
                "--per-round", type=int, default=40, help="corrections of a round (default: 40)"
            ),
            option(
                "--round-epochs", type=int, default=2, help="of training after each (default: 2)"
            ),
            option(
                "--human-weight",
                type=float,
                default=HUMAN_WEIGHT,
                help=f"what a corrected snippet counts in training (default: {HUMAN_WEIGHT:g})",
            ),
            option(
                "--draws",
                type=int,
                default=3,
                help="of random stretches, each taught anew (default: 3)",
            ),
            option(
                "--spread-labels",
                type=float,
                metavar="COSINE",
                help="as for train (default: nothing is spread)",
            ),
            option(
                "--protocol",
                choices=("ucf-crime", "xd-violence", "intervals"),
                help="kind of the annotations (default: found out)",
            ),
            option("--clip", help="as for train (default: the one the features came from)"),
            option("--preset", default="custom", choices=PRESETS, help="packaged settings"),
            path_option("--config", "TOML file whose values win over the preset's"),
            set_option("one setting; wins over --config; may be repeated"),
            DEVICE,
        ),
    ),
)


def _corrections(options: Namespace, report: Reporter) -> dict[str, Any]:
    data = [_world(folder) for folder in options.worlds] or [_given(options)]
    _check(options, data)
    from tpwng_core.run.corrections import CorrectionsRequest, corrections
    from tpwng_core.run.course import Rounds
    from tpwng_core.run.settings import load_settings

    settings = load_settings(options.preset, options.config, options.overrides)
    rounds = Rounds(
        count=options.rounds,
        per_round=options.per_round,
        epochs=options.round_epochs,
        human_weight=options.human_weight,
        spread_above=options.spread_labels,
        random_draws=options.draws,
    )
    studies = [_study(options, paths, settings, place) for place, paths in enumerate(data)]
    content = corrections(CorrectionsRequest(studies=studies, rounds=rounds), report)
    if options.events != "json":
        print(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))
    return content


def _study(
    options: Namespace, paths: dict[str, Path], settings: Settings, place: int
) -> StudyRequest:
    """The request of one data set; each world has the next seed."""
    from tpwng_core.run.study import StudyRequest

    training = replace(settings.training, seed=settings.training.seed + place)
    num_seeds = _DEFAULT_SEEDS if options.num_seeds is None else options.num_seeds
    return StudyRequest(
        **paths,
        out=options.out,
        settings=replace(settings, training=training),
        num_seeds=1 if options.worlds else num_seeds,
        clip=options.clip,
        protocol=options.protocol,
        device=options.device,
    )


def _given(options: Namespace) -> dict[str, Path]:
    """The four paths that a person named."""
    paths = {name: getattr(options, name) for name in _DATA}
    missing = [f"--{name.replace('_', '-')}" for name in _DATA if paths[name] is None]
    if missing:
        raise ConfigError(
            f"corrections needs {', '.join(missing)}",
            "or --worlds with folders that synth or demo wrote",
        )
    return paths


def _world(folder: Path) -> dict[str, Path]:
    """The four paths in a folder that ``synth`` or ``demo`` wrote."""
    require_paths(folder)
    found = [folder / "manifest.csv", folder / "features"]
    for name in _LISTS:
        lists = [folder / f"{name}{suffix}" for suffix in (".csv", ".txt")]
        existing = [path for path in lists if path.is_file()]
        if not existing:
            raise InputError(
                f"{folder} holds no {name}.csv or {name}.txt",
                "--worlds takes folders that synth or demo wrote",
            )
        found.append(existing[0])
    return dict(zip(_DATA, found, strict=True))


def _check(options: Namespace, data: list[dict[str, Path]]) -> None:
    given = [name for name in _DATA if getattr(options, name) is not None]
    if options.worlds and (given or options.num_seeds is not None):
        raise ConfigError(
            "--worlds brings its own lists, features and seeds",
            "leave --manifest, --features, --ground-truth, --train-ground-truth and --seeds out",
        )
    require_paths(*(path for paths in data for path in paths.values()))


HANDLERS = {"corrections": _corrections}
