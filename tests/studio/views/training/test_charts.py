"""Which lines the charts draw of which runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QGraphicsView
from pytestqt.qtbot import QtBot

from tpwng_studio.jobs.runs import RunInfo
from tpwng_studio.views.training.charts import Chart, loss_lines, measure_lines


def run(name: str, *epochs: dict[str, float]) -> RunInfo:
    lines = [{"epoch": place, **values} for place, values in enumerate(epochs, start=1)]
    fields: dict[str, Any] = {"settings": {}, "num_categories": 1, "has_checkpoint": True}
    return RunInfo(name=name, folder=Path(name), epochs=lines, can_resume=False, **fields)


def test_a_single_run_shows_every_loss_it_has() -> None:
    lines = loss_lines([run("a", {"total": 3.0, "cl": 1.0}, {"total": 2.0, "cl": 0.5})])
    assert [line.name for line in lines] == ["all", "classification"]
    assert [line.is_main for line in lines] == [True, False]
    assert lines[0].x.tolist() == [1, 2]
    assert lines[0].y.tolist() == [3.0, 2.0]


def test_several_runs_show_one_line_each_in_the_same_colour_everywhere() -> None:
    runs = [run("a", {"total": 3.0}), run("b", {"total": 2.0, "auc": 0.8})]
    losses, measures = loss_lines(runs), measure_lines(runs)
    assert [(line.name, line.place) for line in losses] == [("a", 0), ("b", 1)]
    assert [(line.name, line.place) for line in measures] == [("b", 1)]


def test_epochs_without_a_measure_leave_a_gap_and_no_runs_leave_nothing() -> None:
    lines = measure_lines([run("a", {"auc": 0.5}, {}, {"auc": 0.7})])
    assert lines[0].x.tolist() == [1, 3]
    assert loss_lines([]) == measure_lines([]) == []


def test_the_plot_is_made_when_it_is_first_seen(qtbot: QtBot) -> None:
    chart = Chart("Loss", "Train <something>")
    qtbot.addWidget(chart)
    chart.show_lines(loss_lines([run("a", {"total": 3.0}, {"total": 2.0})]))
    assert chart.names == ["all"]
    assert not chart.findChildren(QGraphicsView)
    chart.show()
    (plot,) = chart.findChildren(QGraphicsView)
    assert plot.isVisible()
    assert "all" in chart.legend.text()
    chart.show_lines([])
    assert plot.isHidden()
    assert "Train &lt;something&gt;" in chart.legend.text()
