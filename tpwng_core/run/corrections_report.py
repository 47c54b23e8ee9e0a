"""What the verb corrections found: its tables, learning curves, and findings in words.

Courses of every seed in, a page and plain values out. Every difference is paired: the same world,
seed, first checkpoint and number of steps. Called by ``run/corrections.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from tpwng_core.report.figures import Sensitivity
from tpwng_core.report.measures import duration, mean_sd, paired_differences, paired_percent
from tpwng_core.report.study import Detail, StudyPage, SweepFigure
from tpwng_core.report.table import ResultColumn, ResultRow, ResultTable
from tpwng_core.run.corrections_record import METRICS, TITLES, Taught, name_of
from tpwng_core.run.course import ARMS, Arm, Rounds
from tpwng_core.run.study import Study
from tpwng_core.run.study_report import abnormal_share, versions

START = "video labels only"
_NOTICE = (
    "A simulated analyst labels what is shown by ground truth. Numbers are of held-out test "
    "videos, of which nothing was ever labelled; a real analyst errs, and chooses."
)
_REMARKS = (
    "All arms of a seed begin from the same checkpoint and train for the same number of steps a "
    "round, so that gain from longer training is not taken for gain from corrections.",
    "The review queue's first items are labelled, frame by frame, and the queue is made anew after "
    "each round. Random stretches are as many, of the same lengths, drawn evenly from the same "
    "videos. Whole videos are labelled one after the other, for as many frames.",
    "Frame labels alone: TPWNG's temporal half without texts or pseudo-labels, trained from fresh "
    "weights on the same whole videos and on the normal ones, for as many steps in all; once, with "
    "the budget of all rounds.",
    "Nothing was chosen by any of these numbers: every arm is tested after its last step.",
)


_DRAWS = (
    "Random stretches were drawn {count} times, each draw a course of its own; their means stand "
    "here. One draw's AUC has a standard deviation of {sd:.2f} points after the last round."
)


def corrections_page(rounds: Rounds, study: Study, runs: Sequence[Taught]) -> StudyPage:
    """The page of the study.

    Args:
        rounds: how corrections were given.
        study: the data of the first world.
        runs: of every world and seed.
    """
    name = name_of(runs)
    return StudyPage(
        title=f"Teaching by correcting on {name}",
        notice=_NOTICE,
        facts=_facts(name, rounds, study, runs),
        remarks=(*findings(runs), *_REMARKS, *_of_draws(runs)),
        tables=[_last_table(name, runs), _mean_table(name, runs)],
        chance={"AUC": 0.5, "AP": abnormal_share(study)},
        abnormal_share=abnormal_share(study),
        sweeps=[*_gain_figures(runs), *_figures(name, runs)],
        sweeps_title="Learning curves",
        details=[_round_detail(runs), _seed_detail(runs)],
        settings={"corrections": asdict(rounds), **study.settings.tables()},
        versions=versions(),
    )


def findings(runs: Sequence[Taught]) -> list[str]:
    """What the numbers say, one sentence each, paired by seed and with the sign as it is."""
    asked: tuple[tuple[str, Arm, Arm], ...] = (
        ("The review queue against no corrections", "queue", "none"),
        ("The review queue against random stretches", "queue", "random"),
        ("The review queue against whole videos", "queue", "whole"),
    )
    return [f"{words}: {_difference(runs, ours, theirs)}." for words, ours, theirs in asked]


def _difference(runs: Sequence[Taught], ours: Arm, theirs: Arm) -> str:
    """``AUC +1.2 ± 0.4 (5 of 5 seeds), ...`` after the last round and over all rounds."""
    words = []
    for metric, key in METRICS.items():
        last = [[run.values(arm, key)[-1] for run in runs] for arm in (ours, theirs)]
        mean = [[float(np.mean(run.values(arm, key))) for run in runs] for arm in (ours, theirs)]
        better = sum(difference > 0 for difference in paired_differences(*last))
        words.append(
            f"{metric} {paired_percent(*last)} after the last round (better in {better} of "
            f"{len(runs)} seeds), {paired_percent(*mean)} in the mean of the rounds"
        )
    return "; ".join(words)


def _of_draws(runs: Sequence[Taught]) -> list[str]:
    """How much chance is in the random arm; nothing where it was drawn once."""
    draws = [[auc for auc, _ in run.courses["random"].points[-1].draws] for run in runs]
    if len(draws[0]) < 2:
        return []
    sd = 100 * float(np.sqrt(np.mean([np.var(aucs, ddof=1) for aucs in draws])))
    return [_DRAWS.format(count=len(draws[0]), sd=sd)]


def _facts(name: str, rounds: Rounds, study: Study, runs: Sequence[Taught]) -> dict[str, str]:
    points = [point for run in runs for point in run.courses["queue"].points]
    ranking = float(np.mean([point.seconds_ranking for point in points]))
    training = float(np.mean([point.seconds_training for point in points]))
    share = np.mean([run.frames("queue")[-1] / run.num_frames for run in runs])
    return {
        "data set": name,
        "worlds and seeds": ", ".join(f"{run.data_set}: {run.seed}" for run in runs),
        "videos that may be corrected / tested": f"{runs[0].num_videos} / {len(study.test)}",
        "corrections": f"{rounds.count} rounds of {rounds.per_round}",
        "frames labelled, of these videos": f"{100 * share:.1f} %",
        "first training": duration(float(np.mean([run.start["seconds_training"] for run in runs]))),
        "a round: look and rank": duration(ranking),
        "a round: train": duration(training),
    }


def _columns(name: str) -> list[ResultColumn]:
    return [ResultColumn(data_set=name, metric=metric) for metric in METRICS]


def _last_table(name: str, runs: Sequence[Taught]) -> ResultTable:
    columns = _columns(name)
    start = ResultRow(
        variant=START,
        values={column: [run.start[METRICS[column.metric]] for run in runs] for column in columns},
    )
    rows = [
        ResultRow(
            variant=TITLES[arm],
            values={
                column: [run.values(arm, METRICS[column.metric])[-1] for run in runs]
                for column in columns
            },
        )
        for arm in ARMS
    ]
    counts = sorted({run.corrections("queue")[-1] for run in runs})
    shown = " to ".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
    return ResultTable(
        title="After the last round",
        columns=columns,
        rows=[*rows, start],
        caption=f"Frame-level results in percent on held-out test videos after {shown} corrections "
        "or the same number of frames, mean ± sd; differences are paired by world and seed.",
        baseline=TITLES["queue"],
    )


def _mean_table(name: str, runs: Sequence[Taught]) -> ResultTable:
    columns = _columns(name)
    rows = [
        ResultRow(
            variant=TITLES[arm],
            values={
                column: [float(np.mean(run.values(arm, METRICS[column.metric]))) for run in runs]
                for column in columns
            },
        )
        for arm in ARMS
        if arm != "supervised"
    ]
    return ResultTable(
        title="Mean over the rounds",
        columns=columns,
        rows=rows,
        caption="The height of the learning curves: the mean of what stood after each round.",
        baseline=TITLES["queue"],
    )


def _gain_figures(runs: Sequence[Taught]) -> list[SweepFigure]:
    """How much better than the same training without corrections."""
    caption = (
        "minus that of the same training without corrections, paired by world and seed: mean and "
        "standard deviation of the difference, in points."
    )
    arms: tuple[Arm, ...] = ("queue", "random", "whole")
    return [
        SweepFigure(
            setting="corrections",
            metric=f"{metric} gained",
            series=[_gain(runs, arm, key) for arm in arms],
            caption=caption,
        )
        for metric, key in METRICS.items()
    ]


def _gain(runs: Sequence[Taught], arm: Arm, metric: str) -> Sensitivity:
    rows = [
        [0.0, *paired_differences(run.values(arm, metric), run.values("none", metric))]
        for run in runs
    ]
    return _series(TITLES[arm], [0.0, *_places(runs)], rows)


def _figures(name: str, runs: Sequence[Taught]) -> list[SweepFigure]:
    caption = (
        "mean and standard deviation over worlds and seeds, most of which is how worlds differ. "
        "Frame labels alone were tried with the whole budget only."
    )
    return [
        SweepFigure(
            setting="corrections (or as many frames)",
            metric=metric,
            series=[_level(runs, arm, key) for arm in ARMS],
            caption=caption,
        )
        for metric, key in METRICS.items()
    ]


def _level(runs: Sequence[Taught], arm: Arm, metric: str) -> Sensitivity:
    places = _places(runs)
    if arm == "supervised":
        return _series(TITLES[arm], places[-1:], [run.values(arm, metric) for run in runs])
    rows = [[run.start[metric], *run.values(arm, metric)] for run in runs]
    return _series(TITLES[arm], [0.0, *places], rows)


def _places(runs: Sequence[Taught]) -> list[float]:
    """Corrections so far after each round, in the mean."""
    return [float(place) for place in np.mean([run.corrections("queue") for run in runs], axis=0)]


def _series(name: str, x: Sequence[float], rows: Sequence[Sequence[float]]) -> Sensitivity:
    numbers = [mean_sd(column) for column in zip(*rows, strict=True)]
    return Sensitivity(
        name=name,
        x=x,
        mean=[mean for mean, _ in numbers],
        sd=[sd or 0.0 for _, sd in numbers],
    )


def _round_detail(runs: Sequence[Taught]) -> Detail:
    rows = []
    for number in range(len(runs[0].courses["queue"].points)):
        points = [run.courses["queue"].points[number] for run in runs]
        wrong = [point.wrong for point in points if point.wrong is not None]
        frames = [run.frames("queue")[number] for run in runs]
        rows.append(
            [
                str(number + 1),
                f"{np.mean([run.corrections('queue')[number] for run in runs]):.0f}",
                f"{np.mean(frames):,.0f}",
                f"{100 * np.mean(wrong):.0f} %" if wrong else "–",
                f"{np.mean([point.seconds_ranking for point in points]):.1f} s",
                f"{np.mean([point.seconds_training for point in points]):.1f} s",
            ]
        )
    return Detail(
        title="The review queue round by round",
        headers=["round", "corrections", "frames", "wrong before", "look and rank", "train"],
        rows=rows,
        caption="Means over worlds and seeds; corrections and frames are counted from the start, "
        "wrong is the share of the shown frames whose pseudo-label was.",
    )


def _seed_detail(runs: Sequence[Taught]) -> Detail:
    rows = [
        [
            f"{run.data_set}: {run.seed}",
            TITLES[arm],
            f"{run.frames(arm)[-1]:,}",
            *(
                f"{100 * run.start[key]:.1f} → {100 * run.values(arm, key)[-1]:.1f}"
                for key in METRICS.values()
            ),
        ]
        for run in runs
        for arm in run.courses
    ]
    return Detail(
        title="Every world and seed",
        headers=["world: seed", "arm", "frames labelled", "AUC, %", "AP, %"],
        rows=rows,
        caption="From video labels alone to the last round.",
    )
