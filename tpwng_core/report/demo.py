"""The demonstration's report: everything ``tpwng-core demo`` found, on one page.

Plain data in, one self-contained page out; ``run/demo`` calls :func:`demo_report` and writes
it with ``files.write_text``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from tpwng_core.report import canvas, html
from tpwng_core.report.curves import VideoCurves
from tpwng_core.report.figures import (
    OperatingCurve,
    histogram_figure,
    methods_figure,
    pr_figure,
    roc_figure,
    training_figure,
)
from tpwng_core.report.html import Html
from tpwng_core.report.measures import duration, paired_percent, percent, plain
from tpwng_core.report.videos import video_blocks


@dataclass(frozen=True, kw_only=True)
class MethodResult:
    """One method of the comparison.

    Args:
        name: shown everywhere.
        explanation: one line: what it is trained on, what it stands for.
        auc: frame AUC per seed, in [0, 1].
        ap: average precision per seed, in [0, 1].
        roc: curve of the shown seed, where there is one.
        pr: curve of the shown seed, where there is one.
    """

    name: str
    explanation: str
    auc: Sequence[float]
    ap: Sequence[float]
    roc: OperatingCurve | None = None
    pr: OperatingCurve | None = None


@dataclass(frozen=True, kw_only=True)
class DemoResults:
    """What the demonstration found; the first method is ours, the others are compared to it.

    Args:
        title: heading of the page.
        notice: banner: what kind of page this is.
        shows: what the demonstration shows, sentences.
        does_not_show: what must not be concluded from it, sentences.
        methods: ours first.
        seeds: in the order of every ``auc`` and ``ap``.
        shown_seed: the seed whose curves and videos are drawn.
        abnormal_share: share of abnormal test frames, in [0, 1].
        normal_scores: our scores of all normal test frames; None leaves the histogram out.
        abnormal_scores: the same of the abnormal ones.
        training: loss terms and metrics, one value per epoch.
        seconds: stage -> seconds, in order.
        videos: the test videos.
        settings: section -> setting -> value.
        versions: program or library -> version.
    """

    title: str
    notice: str
    shows: Sequence[str]
    does_not_show: Sequence[str]
    methods: Sequence[MethodResult]
    seeds: Sequence[int]
    shown_seed: int
    abnormal_share: float
    normal_scores: npt.ArrayLike | None = None
    abnormal_scores: npt.ArrayLike | None = None
    training: Mapping[str, Sequence[float]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    videos: Sequence[VideoCurves] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def demo_report(results: DemoResults, *, on_figure: Callable[[], object] | None = None) -> Html:
    """The page.

    Args:
        results: what was found.
        on_figure: called after each video's figure, for progress and cancelling.

    Returns:
        A whole HTML document, about 0.12 MB per test video with eight pictures.
    """
    sections = [
        _summary(results),
        _comparison(results),
        _curves(results),
        html.section("Test videos", *video_blocks(results.videos, on_figure=on_figure)),
    ]
    if results.training:
        sections.append(_training(results))
    sections.append(_how(results))
    footer = "  ·  ".join(f"{name} {version}" for name, version in results.versions.items())
    return html.page(results.title, results.notice, sections, footer=footer)


def _summary(results: DemoResults) -> Html:
    ours = results.methods[0]
    facts = {
        f"{ours.name}, frame AUC": f"{percent(ours.auc)} %",
        f"{ours.name}, average precision": f"{percent(ours.ap)} %",
        "test videos": str(len(results.videos)),
        "seeds": str(len(results.seeds)),
        "whole run": duration(sum(results.seconds.values())),
    }
    return html.section(
        "Summary",
        html.tiles(facts),
        html.subsection("What this shows", html.bullets(results.shows)),
        html.subsection("What this does not show", html.bullets(results.does_not_show)),
    )


def _comparison(results: DemoResults) -> Html:
    seeds = ", ".join(str(seed) for seed in results.seeds)
    caption = (
        f"Frame-level results on the same test videos in percent, mean ± standard deviation over"
        f" seeds {seeds}. Differences are to {results.methods[0].name}, seed by seed."
    )
    charts = [
        html.figure(
            canvas.to_svg(methods_figure(values, metric=metric, chance=chance)),
            f"Each method's {metric}. Thin lines tie the runs of one seed; upright bars are means.",
            _in_words(metric, values),
        )
        for metric, chance, values in (
            ("frame AUC", 0.5, {m.name: m.auc for m in results.methods}),
            ("average precision", results.abnormal_share, {m.name: m.ap for m in results.methods}),
        )
    ]
    return html.section(
        "Comparison of methods",
        _methods_table(results.methods, caption),
        html.side_by_side(*charts),
        _seed_table(results),
    )


def _methods_table(methods: Sequence[MethodResult], caption: str) -> Html:
    ours = methods[0]
    headers = ("method", "AUC, %", "difference", "AP, %", "difference", "what it is")
    rows = []
    for method in methods:
        auc = paired_percent(method.auc, None if method is ours else ours.auc)
        ap = paired_percent(method.ap, None if method is ours else ours.ap)
        row = (method.name, percent(method.auc), auc, percent(method.ap), ap, method.explanation)
        rows.append(row)
    return html.table(headers, rows, caption, strong=[0])


def _seed_table(results: DemoResults) -> Html:
    headers = ("method", *(f"seed {seed}: AUC / AP" for seed in results.seeds))
    rows = [
        (method.name, *(_auc_ap(*pair) for pair in zip(method.auc, method.ap, strict=True)))
        for method in results.methods
    ]
    return html.details("Every seed", html.table(headers, rows, "Results of each seed in percent."))


def _auc_ap(auc: float, ap: float) -> str:
    return f"{100 * auc:.1f} / {100 * ap:.1f}"


def _curves(results: DemoResults) -> Html:
    roc = [method.roc for method in results.methods if method.roc is not None]
    pr = [method.pr for method in results.methods if method.pr is not None]
    seed = f"of seed {results.shown_seed}"
    blocks = []
    if roc:
        areas = {curve.name: [curve.area] for curve in roc}
        image = canvas.to_svg(roc_figure(roc))
        blocks.append(
            html.figure(image, f"ROC over all test frames {seed}.", _in_words("AUC", areas))
        )
    if pr:
        areas = {curve.name: [curve.area] for curve in pr}
        image = canvas.to_svg(pr_figure(pr, results.abnormal_share))
        caption = f"Precision and recall over all test frames {seed}."
        blocks.append(html.figure(image, caption, _in_words("AP", areas)))
    body = [html.side_by_side(*blocks)] if blocks else []
    if results.normal_scores is not None and results.abnormal_scores is not None:
        image = canvas.to_svg(histogram_figure(results.normal_scores, results.abnormal_scores))
        caption = f"Scores of {results.methods[0].name} {seed} on normal and abnormal test frames."
        body.append(html.figure(image, caption, caption))
    return html.section("Curves over all test frames", *body)


def _training(results: DemoResults) -> Html:
    image = canvas.to_svg(training_figure(results.training))
    last = {name: values[-1:] for name, values in results.training.items()}
    words = "Last values: " + ", ".join(f"{n} {plain(v[0])}" for n, v in last.items() if v)
    caption = f"Loss terms and metrics by epoch, seed {results.shown_seed}; each has its own scale."
    return html.section("Training", html.figure(image, caption, words, wide=True))


def _how(results: DemoResults) -> Html:
    times = [(stage, duration(value)) for stage, value in results.seconds.items()]
    settings = [
        (f"{section}.{name}", plain(value))
        for section, table in results.settings.items()
        for name, value in table.items()
    ]
    versions = list(results.versions.items())
    return html.section(
        "How it was made",
        html.table(("stage", "time"), times, "Time of each stage on this machine."),
        html.details(
            "Settings", html.table(("setting", "value"), settings, "Every setting of the run.")
        ),
        html.details(
            "Versions", html.table(("program", "version"), versions, "Programs and libraries.")
        ),
    )


def _in_words(metric: str, values: Mapping[str, Sequence[float]]) -> str:
    return f"{metric} in percent: " + ", ".join(f"{n} {percent(v)}" for n, v in values.items())
