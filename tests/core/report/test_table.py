from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.core.report.pages import PageReader
from tpwng_core.errors import ArtifactError
from tpwng_core.report.table import (
    ResultColumn,
    ResultRow,
    ResultTable,
    table_csv,
    table_report,
    table_text,
    text_table,
)

UCF = ResultColumn(data_set="ucf-like", metric="AUC", paper="UCF-Crime AUC")
XD = ResultColumn(data_set="xd-like", metric="AP")
ROWS = (
    ResultRow(variant="TCSAL", values={UCF: [0.87, 0.89], XD: [0.8, 0.8]}, paper={UCF: 0.8779}),
    ResultRow(variant="none", values={UCF: [0.85, 0.86]}),
)


def table(**changes: Any) -> ResultTable:
    return ResultTable(**{"title": "Table 4", "columns": (UCF, XD), "rows": ROWS, **changes})


def test_the_terminal_table_is_aligned():
    lines = table_text(table(baseline="TCSAL")).splitlines()
    assert lines[0] == "Table 4"
    assert lines[3].split("  ")[0] == "TCSAL"
    assert "88.0 ± 1.4" in lines[3]
    assert "87.79" in lines[3]
    assert "−2.5 ± 0.7" in lines[4]
    assert len({len(line) for line in lines[1:]}) == 1


def test_wide_characters_take_two_places():
    lines = text_table(["名", "x"], [["火災", "1"], ["ab", "2"]]).splitlines()
    assert lines[2] == "火災  1"
    assert lines[3] == "ab    2"


def test_the_csv_holds_every_number_in_full():
    records = list(csv.DictReader(io.StringIO(table_csv([table(baseline="TCSAL")]))))
    assert len(records) == 4
    first, other, missing = records[0], records[2], records[3]
    assert (first["mean"], first["sd"]) == ("0.880000", "0.014142")
    assert (first["paper"], first["difference"]) == ("0.877900", "")
    assert (other["difference"], other["difference_sd"]) == ("-0.025000", "0.007071")
    assert (missing["num_seeds"], missing["mean"]) == ("0", "")


def test_the_page_part_has_a_caption_and_the_baseline_in_bold():
    reader = PageReader(table_report(table(baseline="TCSAL", caption="Other data <than> theirs")))
    assert "Other data <than> theirs" in reader.text
    strong = [row.get("class") for row in reader.named("tr")]
    assert strong == [None, "strong", None]


def test_without_a_baseline_there_are_no_differences():
    assert "difference" not in table_text(table())


def test_an_unknown_baseline_is_refused():
    with pytest.raises(ArtifactError, match="no row 'TF'"):
        table(baseline="TF")


def test_a_variant_with_missing_seeds_is_not_compared_in_silence():
    rows = (ROWS[0], ResultRow(variant="none", values={UCF: [0.85]}))
    with pytest.raises(ArtifactError, match="numbers of seeds"):
        table(rows=rows, baseline="TCSAL")
