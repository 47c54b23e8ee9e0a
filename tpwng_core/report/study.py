"""The page of ``ablate`` and ``compare``: tables beside the paper's numbers, bars, curves, order.

Plain tables and arrays in, one self-contained page out; the verbs write it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tpwng_core.report import canvas, html
from tpwng_core.report.figures import (
    OperatingCurve,
    Sensitivity,
    methods_figure,
    pr_figure,
    roc_figure,
    sensitivity_figure,
)
from tpwng_core.report.html import Html
from tpwng_core.report.measures import percent, plain
from tpwng_core.report.order import paper_orders
from tpwng_core.report.table import ResultColumn, ResultTable, table_cells


@dataclass(frozen=True, kw_only=True)
class SweepFigure:
    """One metric over one setting.

    Attributes:
        setting: name of the setting.
        metric: name of the metric, a share in [0, 1] or a difference of two.
        series: one per data set or variant.
        logarithmic: how the axis is drawn.
        caption: what was done and what is drawn, without the names of the axes.
    """

    setting: str
    metric: str
    series: Sequence[Sensitivity]
    logarithmic: bool = False
    caption: str = (
        "mean and standard deviation over seeds; each value was trained anew. The upright line is "
        "the value in use."
    )


@dataclass(frozen=True, kw_only=True)
class Detail:
    """A table of words behind a line that opens it."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str


@dataclass(frozen=True, kw_only=True)
class StudyPage:
    """What a study found.

    Attributes:
        title: heading.
        notice: banner: what kind of page this is.
        facts: key numbers, name -> value.
        remarks: sentences on how it was done.
        tables: of results; each has its bars.
        chance: metric -> what guessing reaches, in [0, 1]; where bars start.
        sweeps: curves over settings.
        sweeps_title: heading of their section.
        roc: of the compared methods, the first is drawn strongest; may be empty.
        pr: likewise.
        abnormal_share: of the test frames, in [0, 1].
        details: further tables.
        settings: section -> setting -> value.
        versions: program or library -> version.
    """

    title: str
    notice: str
    facts: Mapping[str, str]
    remarks: Sequence[str]
    tables: Sequence[ResultTable]
    chance: Mapping[str, float]
    abnormal_share: float
    sweeps: Sequence[SweepFigure] = ()
    sweeps_title: str = "Sensitivity"
    roc: Sequence[OperatingCurve] = ()
    pr: Sequence[OperatingCurve] = ()
    details: Sequence[Detail] = ()
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def study_report(page: StudyPage) -> Html:
    """The page, a whole HTML document."""
    sections = [
        html.section("Summary", html.tiles(page.facts), html.bullets(page.remarks), _orders(page)),
        *(_table_section(table, page.chance) for table in page.tables),
    ]
    if page.sweeps:
        sections.append(_sweeps(page))
    if page.roc:
        sections.append(_curves(page))
    sections.append(_how(page))
    footer = "  ·  ".join(f"{name} {version}" for name, version in page.versions.items())
    return html.page(page.title, page.notice, sections, footer=footer)


def _orders(page: StudyPage) -> Html:
    sentences = [
        f"{table.title}: {order.sentence()}"
        for table in page.tables
        for order in paper_orders(table)
    ]
    if not any(column.paper for table in page.tables for column in table.columns):
        return html.join()
    nothing = html.paragraph("The paper has no numbers for these rows.")
    body = html.bullets(sentences) if sentences else nothing
    return html.subsection("The paper's order", body)


def _table_section(table: ResultTable, chance: Mapping[str, float]) -> Html:
    bars = [_bars(table, column, chance.get(column.metric, 0.0)) for column in table.columns]
    headers, rows = table_cells(table)
    strong = [place for place, row in enumerate(table.rows) if row.variant == table.baseline]
    body = html.table(headers, rows, table.caption, strong=strong)
    return html.section(table.title, body, html.side_by_side(*bars))


def _bars(table: ResultTable, column: ResultColumn, chance: float) -> Html:
    """Bars of a column, the baseline first because it is drawn strongest."""
    rows = sorted(table.rows, key=lambda row: row.variant != table.baseline)
    values = {row.variant: row.values[column] for row in rows if row.values.get(column)}
    image = canvas.to_svg(methods_figure(values, metric=column.metric, chance=chance))
    words = ", ".join(f"{name} {percent(item)}" for name, item in values.items())
    caption = f"{column.metric} on {column.data_set}. Thin lines tie the runs of one seed."
    return html.figure(image, caption, f"{table.title}, {column.metric} in percent: {words}")


def _sweeps(page: StudyPage) -> Html:
    settings = dict.fromkeys(one.setting for one in page.sweeps)
    rows = [[_sweep(one) for one in page.sweeps if one.setting == setting] for setting in settings]
    return html.section(page.sweeps_title, *(html.side_by_side(*figures) for figures in rows))


def _sweep(one: SweepFigure) -> Html:
    drawn = sensitivity_figure(
        one.series,
        setting=one.setting,
        metric=f"{one.metric}, %",
        unit=100,
        logarithmic=one.logarithmic,
    )
    words = "; ".join(_points(series, len(one.series) > 1) for series in one.series)
    caption = f"{one.metric} over {one.setting}, {one.caption}"
    alt = f"{one.metric} in percent over {one.setting}: {words}"
    return html.figure(canvas.to_svg(drawn), caption, alt)


def _points(series: Sensitivity, named: bool) -> str:
    points = (f"{x:g} {100 * y:.1f}" for x, y in zip(series.x, series.mean, strict=True))
    return (f"{series.name}: " if named else "") + ", ".join(points)


def _curves(page: StudyPage) -> Html:
    pair = [
        html.figure(canvas.to_svg(roc_figure(page.roc)), "ROC over all test frames.", "ROC"),
        html.figure(
            canvas.to_svg(pr_figure(page.pr, page.abnormal_share)),
            "Precision and recall over all test frames.",
            "precision and recall",
        ),
    ]
    return html.section("Curves of the first seed", html.side_by_side(*pair))


def _how(page: StudyPage) -> Html:
    settings = [
        (f"{section}.{name}", plain(value))
        for section, table in page.settings.items()
        for name, value in table.items()
    ]
    blocks = [
        html.details(item.title, html.table(item.headers, item.rows, item.caption))
        for item in page.details
    ]
    caption = "Settings of the full method."
    blocks.append(html.details("Settings", html.table(("setting", "value"), settings, caption)))
    return html.section("How it was made", *blocks)
