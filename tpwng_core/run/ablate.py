"""The verb ablate: Tables 2-5 of the paper on any data set, and sensitivity to alpha, theta and R.

Each variant is trained once per seed, however many tables show it; finished fits are kept and
recognised. Tables give the last epoch, so nothing is chosen. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tpwng_core.events import Reporter
from tpwng_core.report.figures import Sensitivity
from tpwng_core.report.measures import mean_sd
from tpwng_core.report.study import StudyPage, SweepFigure
from tpwng_core.report.table import ResultColumn, ResultRow, ResultTable
from tpwng_core.run.fits import TPWNG, Fit, FitResult, run_fits
from tpwng_core.run.settings import Settings
from tpwng_core.run.study import Study, StudyRequest, open_study
from tpwng_core.run.study_report import (
    abnormal_share,
    columns_of,
    facts_of,
    keep_report,
    paper_of,
    versions,
)
from tpwng_core.run.variants import (
    FULL,
    SWEEPS,
    TABLES,
    Row,
    Sweep,
    require_full,
    swept_settings,
    variant_settings,
    variants_of,
)

NAME = "ablation"
Label = tuple[str, float | None]  # a variant and None, or a sweep and its value
Results = Mapping[Label, Sequence[FitResult]]  # per seed, in order

_NOTICE = (
    "Beside each of our numbers stands the paper's own, measured on real data with real CLIP: "
    "compare the order of rows, not the digits."
)
_REMARKS = (
    "Every number is of the last epoch: no epoch, seed or setting was chosen by any result.",
    "Differences are to the full method, seed by seed, whatever their sign.",
    "Seeds change initial weights, order of bags, dropout and the held-out validation videos.",
)


@dataclass(frozen=True, kw_only=True)
class AblateRequest(StudyRequest):
    """What to ablate.

    Attributes:
        tables: numbers of the paper's tables.
        sensitivity: train over grids of alpha, theta and R as well.
    """

    tables: tuple[int, ...] = tuple(TABLES)
    sensitivity: bool = False


def ablate(request: AblateRequest, report: Reporter) -> dict[str, Any]:
    """Train every variant on every seed, and tabulate.

    Returns:
        The content of ``ablation.json``.

    Raises:
        TpwngError: by kind of what is wrong; finished fits stay.
    """
    study = open_study(request, report)
    require_full(study.settings)
    plan = _plan(request, study.settings)
    order = [(label, seed) for seed in request.seeds for label in plan]
    fits = [Fit(method=TPWNG, settings=plan[label](seed)) for label, seed in order]
    found = run_fits(fits, study, request.out, report, "ablate")
    results = {
        label: [found[order.index((label, seed))] for seed in request.seeds] for label in plan
    }
    sweeps = SWEEPS if request.sensitivity else ()
    page = StudyPage(
        title=f"Ablations on {request.data_set}",
        notice=_NOTICE,
        facts=facts_of(request, study, list(found.values())),
        remarks=_REMARKS,
        tables=[
            *(_table(number, request, study, results) for number in request.tables),
            *_pseudo_label_table(request, study, results),
            *(_sweep_table(sweep, request, study, results) for sweep in sweeps),
        ],
        chance={"AUC": 0.5, "AP": abnormal_share(study), "psi AUC": 0.5},
        abnormal_share=abnormal_share(study),
        sweeps=[figure for sweep in sweeps for figure in _figures(sweep, request, study, results)],
        settings=variant_settings(study.settings, FULL, request.seeds[0]).tables(),
        versions=versions(),
    )
    return keep_report(page, request.out, NAME, {"seeds": request.seeds}, report)


def _plan(request: AblateRequest, settings: Settings) -> dict[Label, Callable[[int], Settings]]:
    """What is trained: label -> settings of a seed."""

    def variant(name: str) -> Callable[[int], Settings]:
        return lambda seed: variant_settings(settings, name, seed)

    def swept(sweep: Sweep, value: float) -> Callable[[int], Settings]:
        return lambda seed: swept_settings(settings, sweep, value, seed)

    plan: dict[Label, Callable[[int], Settings]] = {
        (name, None): variant(name) for name in [*variants_of(request.tables), FULL]
    }
    if request.sensitivity:
        plan |= {
            (sweep.name, value): swept(sweep, value)
            for sweep in SWEEPS
            for value in sweep.grid(settings)
        }
    return plan


def _table(number: int, request: AblateRequest, study: Study, results: Results) -> ResultTable:
    table, columns = TABLES[number], columns_of(request.data_set)
    rows = [row for row in table.rows if not _repeats_full(row, study.settings)]
    return ResultTable(
        title=table.title,
        columns=columns,
        rows=[
            ResultRow(
                variant=row.title,
                values=_tested(columns, results[row.variant, None]),
                paper=paper_of(columns, row.ucf_auc, row.xd_ap),
            )
            for row in rows
        ],
        caption=f"Frame-level results in percent, mean ± sd over seeds. {table.note}".rstrip(),
        baseline=next(row.title for row in rows if row.variant == FULL),
    )


def _repeats_full(row: Row, settings: Settings) -> bool:
    """Whether a row of ours is the full method under another name."""
    same = variant_settings(settings, row.variant, 0) == variant_settings(settings, FULL, 0)
    return row.variant != FULL and row.ucf_auc is None and same


def _tested(
    columns: Sequence[ResultColumn], results: Sequence[FitResult]
) -> dict[ResultColumn, list[float]]:
    auc, ap = columns
    return {
        auc: [_number(result, "auc") for result in results],
        ap: [_number(result, "ap") for result in results],
    }


def _number(result: FitResult, name: str) -> float:
    value = result.last.metrics[name]
    assert value is not None  # open_study made sure of both kinds of test videos
    return value


def _pseudo_label_table(
    request: AblateRequest, study: Study, results: Results
) -> list[ResultTable]:
    """Quality of the pseudo-labels of every variant, where the truth is known."""
    if not study.truth:
        return []
    columns = [
        ResultColumn(data_set=request.data_set, metric=metric) for metric in ("psi AUC", "label F1")
    ]
    tables = [TABLES[number] for number in request.tables if TABLES[number].reads_texts]
    titles = {row.variant: row.title for table in tables for row in table.rows}
    rows = [
        ResultRow(variant=title, values=_pseudo(columns, results[variant, None]))
        for variant, title in {**titles, FULL: "full method"}.items()
    ]
    return [
        ResultTable(
            title="Pseudo-labels of the training videos",
            columns=columns,
            rows=rows,
            caption="Against the true labels of abnormal training videos, which no fit saw. "
            "Temporal modules do not touch them.",
            baseline="full method",
        )
    ]


def _pseudo(
    columns: Sequence[ResultColumn], results: Sequence[FitResult]
) -> dict[ResultColumn, list[float]]:
    names = zip(columns, ("auc", "f1"), strict=True)
    return {column: [result.pseudo[name] for result in results] for column, name in names}


def _sweep_table(
    sweep: Sweep, request: AblateRequest, study: Study, results: Results
) -> ResultTable:
    columns = [replace(column, paper="") for column in columns_of(request.data_set)]
    return ResultTable(
        title=f"Sensitivity to {sweep.name}",
        columns=columns,
        rows=[
            ResultRow(
                variant=f"{sweep.name} = {value:g}",
                values=_tested(columns, results[sweep.name, value]),
            )
            for value in sweep.grid(study.settings)
        ],
        caption="Each value was trained anew; all else is the full method.",
        baseline=f"{sweep.name} = {sweep.chosen(study.settings):g}",
    )


def _figures(
    sweep: Sweep, request: AblateRequest, study: Study, results: Results
) -> list[SweepFigure]:
    readers: dict[str, Callable[[FitResult], float]] = {
        "AUC": lambda result: _number(result, "auc"),
        "AP": lambda result: _number(result, "ap"),
    }
    if study.truth and sweep.section == "pseudolabels":
        readers["pseudo-label F1"] = lambda result: result.pseudo["f1"]
    return [
        SweepFigure(
            setting=sweep.name,
            metric=metric,
            series=[_series(sweep, request, study.settings, results, read)],
            logarithmic=sweep.logarithmic,
        )
        for metric, read in readers.items()
    ]


def _series(
    sweep: Sweep,
    request: AblateRequest,
    settings: Settings,
    results: Results,
    read: Callable[[FitResult], float],
) -> Sensitivity:
    grid = sweep.grid(settings)
    numbers = [mean_sd([read(result) for result in results[sweep.name, value]]) for value in grid]
    return Sensitivity(
        name=request.data_set,
        x=grid,
        mean=[mean for mean, _ in numbers],
        sd=[sd or 0.0 for _, sd in numbers],
        chosen=sweep.chosen(settings),
    )
