"""The files of a study: report.json, report.csv, report.html, and the tables in the terminal.

Called by ``ablate`` and ``compare`` with their tables; the page is drawn by ``report/study.py``.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tpwng_core import __version__
from tpwng_core.events import Artifact, Message, Reporter
from tpwng_core.files import write_json, write_text
from tpwng_core.groundtruth import frame_labels
from tpwng_core.report.measures import mean_sd
from tpwng_core.report.order import paper_orders
from tpwng_core.report.study import StudyPage, study_report
from tpwng_core.report.table import ResultColumn, ResultTable, table_csv, table_text
from tpwng_core.run.fits import FitResult
from tpwng_core.run.study import Study, StudyRequest

UCF_AUC, XD_AP = "UCF-Crime AUC", "XD-Violence AP"


def columns_of(data_set: str) -> tuple[ResultColumn, ResultColumn]:
    """Frame AUC and AP, each beside the paper's number on the data set it reports it for."""
    return (
        ResultColumn(data_set=data_set, metric="AUC", paper=UCF_AUC),
        ResultColumn(data_set=data_set, metric="AP", paper=XD_AP),
    )


def paper_of(
    columns: Sequence[ResultColumn], ucf_auc: float | None, xd_ap: float | None
) -> dict[ResultColumn, float]:
    """The paper's numbers by column."""
    pairs = zip(columns, (ucf_auc, xd_ap), strict=True)
    return {column: value for column, value in pairs if value is not None}


def abnormal_share(study: Study) -> float:
    """Share of abnormal frames among the test frames: what AP is for guessing."""
    frames = [
        frame_labels(intervals, study.features[video].num_frames)
        for video, intervals in study.test.items()
    ]
    return float(np.concatenate(frames).mean())


def facts_of(request: StudyRequest, study: Study, results: Sequence[FitResult]) -> dict[str, str]:
    """Key numbers of the page."""
    training, validation = study.split(request.seeds[0])
    return {
        "data set": request.data_set,
        "training / validation / test videos": (
            f"{len(training)} / {len(validation)} / {len(study.test)}"
        ),
        "seeds": ", ".join(str(seed) for seed in request.seeds),
        "fits": str(len({id(result) for result in results})),
        "steps of a fit": f"{max(result.num_steps for result in results):,}",
        "bags of a step": f"2 x {study.settings.training.batch_size}",
    }


def versions() -> dict[str, str]:
    """Programs and libraries."""
    return {
        "tpwng": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }


def keep_report(
    page: StudyPage, out: Path, name: str, extra: Mapping[str, Any], report: Reporter
) -> dict[str, Any]:
    """Write ``name.json``, ``name.csv`` and ``name.html`` into ``out`` and print the tables.

    Args:
        page: what was found.
        out: the study's folder.
        name: of the three files.
        extra: further keys of the JSON file.
        report: told of tables, order and files.

    Returns:
        The content of the JSON file.

    Raises:
        OutputError: a file cannot be written.
    """
    orders = {table.title: paper_orders(table) for table in page.tables}
    content = {
        "facts": dict(page.facts),
        "tables": {table.title: _table_json(table) for table in page.tables},
        "order": {
            title: {order.column.metric: _order_json(asdict(order)) for order in found}
            for title, found in orders.items()
            if found
        },
        **extra,
        "files": {kind: str(out / f"{name}.{kind}") for kind in ("json", "csv", "html")},
    }
    for table in page.tables:
        report(Message(level="info", text=table_text(table)))
        for order in orders[table.title]:
            report(Message(level="info", text=order.sentence()))
    write_json(out / f"{name}.json", content)
    write_text(out / f"{name}.csv", table_csv(page.tables))
    write_text(out / f"{name}.html", study_report(page))
    for kind in ("json", "csv", "html"):
        report(Artifact(kind="report", path=out / f"{name}.{kind}"))
    report(Message(level="info", text=f"report: {(out / f'{name}.html').resolve()}"))
    return content


def _table_json(table: ResultTable) -> dict[str, Any]:
    return {
        row.variant: {
            column.metric: _numbers(row.values[column], row.paper.get(column))
            for column in table.columns
            if row.values.get(column)
        }
        for row in table.rows
    }


def _numbers(values: Sequence[float], paper: float | None) -> dict[str, Any]:
    mean, sd = mean_sd(values)
    return {"mean": mean, "sd": sd, "values": list(values), "paper": paper}


def _order_json(order: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in order.items() if name != "column"}
