"""The report of ``evaluate`` as a page: numbers, curves, categories, videos, disagreements.

The content of ``report.json`` and a few arrays in, one self-contained page out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from tpwng_core.report import canvas, html
from tpwng_core.report.curves import VideoCurves
from tpwng_core.report.figures import OperatingCurve, histogram_figure, pr_figure, roc_figure
from tpwng_core.report.html import Html
from tpwng_core.report.measures import plain
from tpwng_core.report.videos import video_blocks

# What the keys of report.json mean; a key that is not here is shown under its own name.
_MEANING = {
    "auc": "frame AUC over all videos",
    "ap": "average precision (step-wise)",
    "ap_trapezoid": "area under precision-recall by trapezoids",
    "auc_abnormal": "frame AUC over abnormal videos only",
    "far_normal": "false-alarm rate on normal videos",
    "num_videos": "videos",
    "num_frames": "frames",
    "num_abnormal_frames": "abnormal frames",
    "protocol": "protocol",
}


@dataclass(frozen=True, kw_only=True)
class EvaluationResults:
    """What an evaluation found.

    Args:
        title: heading of the page.
        notice: banner under the heading; "" for none.
        report: the content of ``report.json``; all of its numbers are shown.
        roc: over all frames; None where there are no two kinds of frames.
        pr: over all frames.
        normal_scores: scores of all normal frames; None leaves the histogram out.
        abnormal_scores: scores of all abnormal frames.
        threshold: marked in the histogram.
        per_video: one record per video, ``video`` first.
        operating_points: one record per threshold.
        videos: curves of the videos to be drawn, if any.
    """

    title: str
    notice: str
    report: Mapping[str, Any]
    roc: OperatingCurve | None = None
    pr: OperatingCurve | None = None
    normal_scores: npt.ArrayLike | None = None
    abnormal_scores: npt.ArrayLike | None = None
    threshold: float | None = None
    per_video: Sequence[Mapping[str, Any]] = ()
    operating_points: Sequence[Mapping[str, Any]] = ()
    videos: Sequence[VideoCurves] = ()


def evaluation_report(results: EvaluationResults) -> Html:
    """The page, a whole HTML document."""
    sections = [_numbers(results), _curves(results), _categories(results)]
    if results.per_video:
        caption = f"The {len(results.per_video)} evaluated videos."
        sections.append(html.section("Videos", records_table(results.per_video, caption)))
    if results.videos:
        sections.append(html.section("Curves of videos", *video_blocks(results.videos)))
    sections.append(_disagreements(results))
    return html.page(results.title, results.notice, sections)


def records_table(records: Sequence[Mapping[str, Any]], caption: str) -> Html:
    """Records as a table; its columns are all their keys, in order of first appearance."""
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = [[_cell(record.get(name)) for name in names] for record in records]
    return html.table([_title(name) for name in names], rows, caption)


def _title(key: str) -> str:
    return key.removeprefix("num_").replace("_", " ")


def _cell(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else plain(value)


def _numbers(results: EvaluationResults) -> Html:
    report = results.report
    tiles = {
        _MEANING[name]: f"{report[name]:.4f}"
        for name in ("auc", "ap", "auc_abnormal", "far_normal")
        if isinstance(report.get(name), float)
    }
    numbers = [
        (_MEANING.get(name, _title(name)), _cell(value))
        for name, value in report.items()
        if value is None or isinstance(value, str | int | float)
    ]
    blocks = [html.tiles(tiles), html.table(("what", "value"), numbers, "Shares are in [0, 1].")]
    if results.operating_points:
        caption = "What each threshold on the score does to the frames."
        blocks.append(records_table(results.operating_points, caption))
    return html.section("Numbers", *blocks)


def _curves(results: EvaluationResults) -> Html:
    pair, blocks = [], []
    if results.roc is not None:
        image = canvas.to_svg(roc_figure([results.roc]))
        words = f"ROC over all frames, AUC {results.roc.area:.4f}."
        pair.append(html.figure(image, words, words))
    if results.pr is not None:
        image = canvas.to_svg(pr_figure([results.pr], _abnormal_share(results.report)))
        words = f"Precision and recall over all frames, AP {results.pr.area:.4f}."
        pair.append(html.figure(image, words, words))
    if pair:
        blocks.append(html.side_by_side(*pair))
    if results.normal_scores is not None and results.abnormal_scores is not None:
        drawn = histogram_figure(results.normal_scores, results.abnormal_scores, results.threshold)
        words = "Scores of normal and of abnormal frames, each in percent of its own frames."
        blocks.append(html.figure(canvas.to_svg(drawn), words, words))
    return html.section("Curves", *(blocks or [html.paragraph("There is nothing to draw.")]))


def _abnormal_share(report: Mapping[str, Any]) -> float:
    return float(report["num_abnormal_frames"]) / max(float(report["num_frames"]), 1.0)


def _categories(results: EvaluationResults) -> Html:
    records = [
        {"category": name, **(value if isinstance(value, Mapping) else {"value": value})}
        for name, value in results.report.get("per_category", {}).items()
    ]
    if not records:
        return html.section("Categories", html.paragraph("The ground truth names no category."))
    caption = "Each category's videos against all normal videos, as evaluation defines it."
    return html.section("Categories", records_table(records, caption))


def _disagreements(results: EvaluationResults) -> Html:
    mismatches = results.report.get("mismatches", ())
    missing = results.report.get("missing", ())
    blocks = []
    if mismatches:
        caption = "Videos whose scores, annotation and length disagree, and what was done."
        blocks.append(records_table(mismatches, caption))
    if missing:
        names = html.bullets([str(name) for name in missing])
        blocks.append(html.details(f"{len(missing)} annotated videos have no scores", names))
    nothing = html.paragraph("Scores, annotations and lengths agree for every video.")
    return html.section("Disagreements", *(blocks or [nothing]))
