"""Charts of whole data sets and runs: ROC, PR, histograms, training, sensitivity, methods.

Plain arrays in, matplotlib figures out (see ``canvas`` for SVG and PNG); called by the report
builders. Series differ by dash pattern and marker as well as by colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tpwng_core.errors import ArtifactError
from tpwng_core.report import canvas, palette
from tpwng_core.report.canvas import Axes, Figure
from tpwng_core.report.envelope import thin_path

_NUM_COLUMNS = 250
_SQUARE_IN = 3.7
_LEGEND_LINE_IN = 0.185


@dataclass(frozen=True, kw_only=True)
class OperatingCurve:
    """A ROC or PR curve of one method.

    Args:
        name: of the method.
        x: (N,) false-positive rate or recall, in [0, 1], ascending or descending.
        y: (N,) true-positive rate or precision, in [0, 1].
        area: AUC or AP, in [0, 1], as computed by ``evaluation``; shown, not recomputed.

    Raises:
        ArtifactError: no points, or x and y differ in length.
    """

    name: str
    x: npt.ArrayLike
    y: npt.ArrayLike
    area: float

    def __post_init__(self) -> None:
        if np.size(self.x) == 0 or np.shape(self.x) != np.shape(self.y):
            message = f"the curve of {self.name} has {np.size(self.x)} and {np.size(self.y)} points"
            raise ArtifactError(message, "a curve needs normal and abnormal frames")


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """A metric over a setting.

    Args:
        name: of the data set or method.
        x: (N,) values of the setting.
        mean: (N,) metric.
        sd: (N,) standard deviation over seeds.
        chosen: the value in use, marked; None for none.
    """

    name: str
    x: Sequence[float]
    mean: Sequence[float]
    sd: Sequence[float]
    chosen: float | None = None


def roc_figure(curves: Sequence[OperatingCurve]) -> Figure:
    """ROC of several methods with the line of chance; the first is drawn strongest."""
    with canvas.style():
        figure, axes = _square("false-positive rate", "true-positive rate", len(curves) + 1)
        _draw_curves(axes, curves, "AUC")
        axes.plot([0, 1], [0, 1], color=palette.MUTED, linewidth=0.7, label="chance, AUC 50 %")
        _legend_above(axes)
    return figure


def pr_figure(curves: Sequence[OperatingCurve], abnormal_share: float) -> Figure:
    """Precision over recall; ``abnormal_share`` of the frames in [0, 1] is the line of chance."""
    with canvas.style():
        figure, axes = _square("recall", "precision", len(curves) + 1)
        _draw_curves(axes, curves, "AP")
        chance = f"chance, AP {100 * abnormal_share:.1f} % (the share of abnormal frames)"
        axes.axhline(abnormal_share, color=palette.MUTED, linewidth=0.7, label=chance)
        _legend_above(axes)
    return figure


def histogram_figure(
    normal: npt.ArrayLike, abnormal: npt.ArrayLike, threshold: float | None = None
) -> Figure:
    """Scores of normal and abnormal frames, each in percent of its own frames.

    Args:
        normal: scores of normal frames, in [0, 1].
        abnormal: scores of abnormal frames, in [0, 1].
        threshold: marked when given.
    """
    groups = (
        ("normal frames", normal, palette.NORMAL, None, 0.34),
        ("abnormal frames", abnormal, palette.ABNORMAL, palette.ABNORMAL_HATCH[:3], 0.16),
    )
    with canvas.style():
        figure = canvas.new_figure(5.8, 3.3)
        axes = figure.add_axes((0.1, 0.15, 0.87, 0.71))
        for name, scores, color, hatch, alpha in groups:
            share, edges = _shares(scores)
            shown = f"{name} ({np.size(scores):,})"
            axes.stairs(share, edges, fill=True, facecolor=color, alpha=alpha)
            axes.stairs(share, edges, color=color, hatch=hatch, linewidth=1.2, label=shown)
        if threshold is not None:
            axes.axvline(threshold, color=palette.INK, linestyle=(0, (4, 2)), linewidth=0.9)
            where = {"transform": axes.get_xaxis_transform(), "va": "top"}
            axes.text(threshold, 0.99, f" threshold {threshold:g}", **where)
        axes.set(xlim=(0, 1), xlabel="score η", ylabel="share of the frames of a kind, %")
        axes.grid(axis="y")
        _legend_above(axes, 2)
    return figure


def training_figure(terms: Mapping[str, Sequence[float]]) -> Figure:
    """One small panel per loss term or metric over the epochs, each with its own scale.

    Args:
        terms: name -> one value per epoch, from epoch 1; not finite = a gap.
    """
    across = min(4, max(len(terms), 1))
    down = -(-max(len(terms), 1) // across)
    with canvas.style():
        figure = canvas.new_figure(2.45 * across + 0.2, 1.75 * down + 0.2)
        panels = figure.subplots(down, across, squeeze=False)
        for axes in panels.flat[len(terms) :]:
            axes.set_visible(False)
        for axes, (name, values) in zip(panels.flat, terms.items(), strict=False):
            epochs = np.arange(1, len(values) + 1)
            marker = "o" if len(values) <= 25 else ""
            axes.plot(epochs, values, color=palette.INK, marker=marker, markersize=2.5)
            axes.set_title(canvas.drawable(name, 34), size=8.5, loc="left")
            axes.locator_params(nbins=4)
            axes.xaxis.get_major_locator().set_params(integer=True)
            axes.grid(axis="y")
        for axes in panels[-1]:
            axes.set_xlabel("epoch")
        figure.tight_layout(pad=0.6)
    return figure


def sensitivity_figure(
    series: Sequence[Sensitivity],
    *,
    setting: str,
    metric: str,
    unit: float = 1.0,
    logarithmic: bool = False,
) -> Figure:
    """Mean and standard deviation of a metric over a setting.

    Args:
        series: one per data set.
        setting: name of the x axis.
        metric: name of the y axis.
        unit: factor from the values to what is shown (100 for percent).
        logarithmic: whether the x axis is; its values must be above 0.
    """
    with canvas.style():
        num_columns = 3 if sum(len(one.name) for one in series) <= 30 else 2
        num_lines = -(-len(series) // num_columns)
        height_in = 3.3 + _LEGEND_LINE_IN * max(num_lines - 2, 0)
        figure = canvas.new_figure(5.0, height_in)
        axes = figure.add_axes((0.13, 0.5 / height_in, 0.84, 2.41 / height_in))
        for place, one in enumerate(series):
            _draw_sensitivity(axes, one, place, unit)
        axes.set(xlabel=setting, ylabel=metric)
        if logarithmic:
            ticks = sorted({value for one in series for value in one.x})
            axes.set_xscale("log")
            axes.set_xticks(ticks, [f"{value:g}" for value in ticks])
            axes.minorticks_off()
        axes.grid(axis="y")
        _legend_above(axes, num_columns)
    return figure


def methods_figure(values: Mapping[str, Sequence[float]], *, metric: str, chance: float) -> Figure:
    """Bars of the mean with one point per seed; thin lines tie the runs of one seed.

    Args:
        values: method -> metric per seed, in [0, 1], same order of seeds everywhere.
        metric: name of the axis.
        chance: where the bars start, in [0, 1]: 0.5 for AUC, the abnormal share for AP.
    """
    names = list(values)
    with canvas.style():
        height_in = 0.42 * len(names) + 0.85
        figure = canvas.new_figure(4.7, height_in)
        axes = figure.add_axes((0.33, 0.52 / height_in, 0.47, 1 - 0.62 / height_in))
        table = np.array([values[name] for name in names], dtype=np.float64) * 100
        _draw_bars(axes, table, 100 * chance)
        axes.set_yticks(range(len(names)), [canvas.drawable(name, 28) for name in names])
        axes.tick_params(axis="y", length=0, labelcolor=palette.INK)
        label = f"{metric}, %; bars start at chance, {100 * chance:.3g} %"
        axes.set(ylim=(len(names) - 0.4, -0.6), xlabel=label)
        axes.locator_params(axis="x", nbins=6)
        axes.grid(axis="x")
    return figure


def _draw_bars(axes: Axes, table: npt.NDArray[np.float64], chance: float) -> None:
    rows = np.arange(len(table))
    mean = table.mean(axis=1)
    colors = [palette.NORMAL, *[palette.UNKNOWN] * len(table)][: len(table)]
    axes.barh(rows, mean - chance, left=chance, height=0.62, color=colors, alpha=0.3)
    for place in range(table.shape[1]):
        marker = palette.SERIES[place % len(palette.SERIES)][2]
        look = {"marker": marker, "markersize": 3.4, "linewidth": 0.5, "color": palette.MUTED}
        axes.plot(table[:, place], rows, **look)
    axes.plot(mean, rows, "|", color=palette.INK, markersize=14, markeredgewidth=1.6)
    axes.set_xlim(min(chance, table.min() - 1), max(chance + 1, min(100, table.max() + 2)))
    spread = table.std(axis=1, ddof=1) if table.shape[1] > 1 else [None] * len(table)
    for row, value, sd in zip(rows, mean, spread, strict=True):
        text = f"{value:.1f}" + ("" if sd is None else f" ± {sd:.1f}")
        axes.text(1.03, row, text, transform=axes.get_yaxis_transform(), va="center")


def _draw_sensitivity(axes: Axes, series: Sensitivity, place: int, unit: float) -> None:
    color, dashes, marker = palette.SERIES[place % len(palette.SERIES)]
    x = np.asarray(series.x, dtype=np.float64)
    mean, sd = (np.asarray(part, dtype=np.float64) * unit for part in (series.mean, series.sd))
    look = {"color": color, "linestyle": dashes, "marker": marker, "markersize": 4}
    axes.fill_between(x, mean - sd, mean + sd, color=color, alpha=0.13, linewidth=0)
    axes.plot(x, mean, label=canvas.drawable(series.name, 30), **look)
    if series.chosen is not None:
        axes.axvline(series.chosen, color=color, linestyle=dashes, linewidth=0.7, alpha=0.7)


def _draw_curves(axes: Axes, curves: Sequence[OperatingCurve], area: str) -> None:
    for place, curve in enumerate(curves):
        color, dashes, _ = palette.SERIES[place % len(palette.SERIES)]
        x, y = _ascending(np.asarray(curve.x), np.asarray(curve.y))
        label = f"{canvas.drawable(curve.name, 30)}, {area} {100 * curve.area:.1f} %"
        x, y = thin_path(x, y, _NUM_COLUMNS)
        width, above = (1.1, 2) if place else (1.9, 3)
        look = {"color": color, "linestyle": dashes, "linewidth": width, "zorder": above}
        axes.plot(x, y, label=label, **look)


def _legend_above(axes: Axes, num_columns: int = 1) -> None:
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.3}
    axes.legend(ncols=num_columns, handlelength=3.2, labelspacing=0.35, **place)


def _square(x_name: str, y_name: str, num_lines: int) -> tuple[Figure, Axes]:
    top_in, foot_in, left_in = _LEGEND_LINE_IN * num_lines + 0.12, 0.5, 0.55
    width_in, height_in = _SQUARE_IN + left_in + 0.12, _SQUARE_IN + top_in + foot_in
    figure = canvas.new_figure(width_in, height_in)
    share = (_SQUARE_IN / width_in, _SQUARE_IN / height_in)
    axes = figure.add_axes((left_in / width_in, foot_in / height_in, *share))
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), xlabel=x_name, ylabel=y_name)
    axes.grid()
    return figure, axes


def _ascending(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return (x[::-1], y[::-1]) if x[0] > x[-1] else (x, y)


def _shares(scores: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    values = np.clip(np.asarray(scores, dtype=np.float64), 0.0, 1.0)
    counts, edges = np.histogram(values, bins=50, range=(0.0, 1.0))
    return 100 * counts / max(len(values), 1), edges
