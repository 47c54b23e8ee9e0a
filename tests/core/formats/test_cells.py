"""Cells that spreadsheets must not run come back as they were."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.errors import DatasetError
from tpwng_core.formats.cells import csv_lines, guarded, read_rows, unguarded

_TEXT = st.text(st.sampled_from("=+-@'\t\r\n a\"é,"), max_size=8)


@given(_TEXT)
def test_a_guarded_text_comes_back_and_begins_harmlessly(text) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_and_plain_texts_are_left_alone() -> None:
    assert "".join(csv_lines([["a", -1.5, None, 3, "-x", "'a"]])) == "a,-1.5,,3,'-x,'a\n"


@given(st.lists(_TEXT, min_size=2, max_size=4))
def test_any_text_survives_csv(cells) -> None:
    text = "".join(csv_lines([cells]))
    (row,) = csv.reader(io.StringIO(text, newline=""))
    assert [unguarded(cell) for cell in row] == cells


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_of_spreadsheets_and_line_ends_are_no_matter(
    tmp_path: Path, mark: str, end: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"\ufeffVideo{mark}Frame{end}v{mark}3{end}{end}".encode())
    (row,) = read_rows(path, ("video", "frame"))
    assert (row.text("video"), row.integer("frame")) == ("v", 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("video\nv\n", "no column 'frame'"),
        ("video,frame\nv\n", "line 2 has 1 fields"),
        ("video,frame\nv,x\n", "line 2: 'x' in frame is no number"),
        ("video,frame\nv,1.5\n", "no whole number"),
        ('video,frame\n"v,1\n', "line"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=message):
        [row.integer("frame") for row in read_rows(path, ("video", "frame"))]
