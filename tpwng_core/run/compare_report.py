"""What a comparison of methods found, as tables, page and JSON.

Called by ``run/compare.py``, which trains and chooses; nothing is chosen here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tpwng_core.nn.methods import METHODS
from tpwng_core.report.figures import OperatingCurve
from tpwng_core.report.measures import NOTHING, paired_differences
from tpwng_core.report.study import Detail, StudyPage
from tpwng_core.report.table import ResultRow, ResultTable
from tpwng_core.run.fits import TPWNG, FitResult, Outcome
from tpwng_core.run.study import Study
from tpwng_core.run.study_report import abnormal_share, columns_of, paper_of, versions

LAST, BEST = "Last epoch", "Best epoch on validation"
OURS = "TPWNG"

# Table 1 of the paper: frame AUC on UCF-Crime, AP on XD-Violence.
_PAPER = {
    TPWNG: (0.8779, 0.8368),
    "sultani": (0.7792, 0.7320),
    "rtfm": (0.8430, 0.7781),
    "ur-dmu": (0.8697, 0.8166),
    "clip-tsa": (0.8758, 0.8217),
}
_NOTICE = (
    "Every method is our own re-implementation on the same features; the paper's numbers beside "
    "them are of the authors' own features and schedules."
)
_REMARKS = (
    "The same bags in the same order, the same number of steps and bags seen for every method.",
    "The same search for every trained method over factors on the settings' learning rates, "
    "chosen per seed by video-level AUC on the validation videos. No choice was made on test "
    "labels.",
    "Differences are to TPWNG, seed by seed, whatever their sign.",
    "The supervised bound reads true labels that the others may not see.",
)

Key = tuple[str, int]  # method and seed
Searched = Mapping[float, FitResult]  # learning-rate factor -> result


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What validation chose for one method and seed."""

    factor: float
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All fits of a comparison and what validation chose.

    Attributes:
        data_set: its name.
        methods: in the order of the tables, TPWNG first.
        seeds: in order.
        factors: of the learning rates.
        searched: every fit.
        last: chosen for the last epoch.
        best: chosen for the best epoch.
    """

    data_set: str
    methods: Sequence[str]
    seeds: Sequence[int]
    factors: Sequence[float]
    searched: Mapping[Key, Searched]
    last: Mapping[Key, Choice]
    best: Mapping[Key, Choice]

    def to_json(self) -> dict[str, Any]:
        """Plain values beside the tables."""
        return {
            "seeds": list(self.seeds),
            "factors": list(self.factors),
            "chosen": {LAST: _chosen_json(self.last), BEST: _chosen_json(self.best)},
            "seconds": {
                f"{name} seed {seed} x{factor:g}": result.seconds
                for (name, seed), results in self.searched.items()
                for factor, result in results.items()
            },
        }


def comparison_page(comparison: Comparison, study: Study, facts: Mapping[str, str]) -> StudyPage:
    """The page of a comparison."""
    shown = {name: comparison.last[name, comparison.seeds[0]] for name in comparison.methods}
    kinds = ((LAST, comparison.last), (BEST, comparison.best))
    return StudyPage(
        title=f"Comparison of methods on {comparison.data_set}",
        notice=_NOTICE,
        facts=facts,
        remarks=_REMARKS,
        tables=[_table(title, comparison, chosen) for title, chosen in kinds],
        chance={"AUC": 0.5, "AP": abnormal_share(study)},
        abnormal_share=abnormal_share(study),
        roc=[_curve(name, chosen.outcome, "auc") for name, chosen in shown.items()],
        pr=[_curve(name, chosen.outcome, "ap") for name, chosen in shown.items()],
        details=[
            *(_differences(title, comparison, chosen) for title, chosen in kinds),
            _choices(comparison),
            _sources(comparison),
        ],
        settings=study.settings.tables(),
        versions=versions(),
    )


def validated(outcome: Outcome) -> float:
    """Video-level AUC on validation; the comparison made sure that there is one."""
    assert outcome.video_auc is not None
    return outcome.video_auc


def title_of(method: str) -> str:
    """A method's name in tables: its title without authors and venue."""
    return OURS if method == TPWNG else METHODS[method].title.partition(" (")[0]


def _table(title: str, comparison: Comparison, chosen: Mapping[Key, Choice]) -> ResultTable:
    columns = columns_of(comparison.data_set)
    rows = [
        ResultRow(
            variant=title_of(method),
            values={
                column: _per_seed(comparison, chosen, method, key)
                for column, key in zip(columns, ("auc", "ap"), strict=True)
            },
            paper=paper_of(columns, *_PAPER.get(method, (None, None))),
        )
        for method in comparison.methods
    ]
    caption = "Frame-level results in percent, mean ± standard deviation over seeds."
    return ResultTable(title=title, columns=columns, rows=rows, caption=caption, baseline=OURS)


def _per_seed(
    comparison: Comparison, chosen: Mapping[Key, Choice], method: str, metric: str
) -> list[float]:
    return [_number(chosen[method, seed].outcome, metric) for seed in comparison.seeds]


def _number(outcome: Outcome, metric: str) -> float:
    value = outcome.metrics[metric]
    assert value is not None  # open_study made sure of both kinds of test videos
    return value


def _curve(method: str, outcome: Outcome, metric: str) -> OperatingCurve:
    points = outcome.roc if metric == "auc" else outcome.pr
    return OperatingCurve(
        name=title_of(method), x=points["x"], y=points["y"], area=_number(outcome, metric)
    )


def _differences(title: str, comparison: Comparison, chosen: Mapping[Key, Choice]) -> Detail:
    """TPWNG minus each method, seed by seed."""
    rows = []
    for method in [name for name in comparison.methods if name != TPWNG]:
        cells = [title_of(method)]
        for metric in ("auc", "ap"):
            ours, theirs = (_per_seed(comparison, chosen, name, metric) for name in (TPWNG, method))
            cells += [f"{100 * value:+.1f}" for value in paired_differences(ours, theirs)]
        rows.append(cells)
    headers = [
        "TPWNG minus",
        *(f"{metric}, seed {seed}" for metric in ("AUC", "AP") for seed in comparison.seeds),
    ]
    caption = f"{title}: paired differences in percentage points."
    return Detail(title=f"Every seed: {title}", headers=headers, rows=rows, caption=caption)


def _choices(comparison: Comparison) -> Detail:
    """What validation said of each rate, and what it chose."""
    rows = []
    for (name, seed), results in comparison.searched.items():
        seen = [
            f"{100 * validated(results[factor].last):.1f}" if factor in results else NOTHING
            for factor in comparison.factors
        ]
        last, best = comparison.last[name, seed], comparison.best[name, seed]
        chosen = f"x{best.factor:g}, epoch {best.outcome.epoch}"
        rows.append([title_of(name), str(seed), *seen, f"x{last.factor:g}", chosen])
    factors = [f"x{factor:g}" for factor in comparison.factors]
    caption = (
        "Video-level AUC on validation after the last epoch, in percent, by learning-rate factor; "
        "the factor chosen for the last epoch; factor and epoch chosen for the best."
    )
    headers = ["method", "seed", *factors, "last", "best"]
    return Detail(title="Learning rates", headers=headers, rows=rows, caption=caption)


def _sources(comparison: Comparison) -> Detail:
    """What each method is and what it is trained on."""
    words = {"none": "nothing", "weak": "video labels", "full": "true snippet labels"}
    rows = [["TPWNG (Yang et al., CVPR 2024)", "video labels"]]
    others = [METHODS[name] for name in comparison.methods if name != TPWNG]
    rows += [[method.title, words[method.supervision]] for method in others]
    caption = "All re-implemented here, with the authors' settings where they fit the features."
    return Detail(title="Methods", headers=["method", "trained on"], rows=rows, caption=caption)


def _chosen_json(chosen: Mapping[Key, Choice]) -> dict[str, Any]:
    return {
        f"{name} seed {seed}": {
            "factor": item.factor,
            "epoch": item.outcome.epoch,
            "video_auc": item.outcome.video_auc,
        }
        for (name, seed), item in chosen.items()
    }
