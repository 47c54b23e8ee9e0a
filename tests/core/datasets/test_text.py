"""Text files are read however they were saved, and complain with a line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tpwng_core.datasets import read_table, read_text
from tpwng_core.errors import DatasetError

PATH = Path("list.csv")


@pytest.mark.parametrize(
    "data", [b"caf\xc3\xa9", b"\xef\xbb\xbfcaf\xc3\xa9", gzip.compress(b"caf\xc3\xa9")]
)
def test_bom_and_gzip_make_no_difference(tmp_path, data):
    path = tmp_path / "x"
    path.write_bytes(data)
    assert read_text(path) == "café"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"ok\nbad \xff", "line 2 is not UTF-8"),
        ("video".encode("utf-16"), "saved as UTF-16"),
        (b"a\0b", "not a text file"),
        (gzip.compress(b"x" * 500)[:-9], "damaged gzip"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(tmp_path, data, complaint):
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=complaint):
        read_text(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"nowhere\.csv"):
        read_text(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_may_use_the_marks_of_spreadsheets(mark):
    text = f"Video {mark}Label\r\n\r\na,b.mp4{mark} x \r\n".replace("a,b", "ab")
    table = read_table(text, PATH, ("video", "label"))
    assert table.header == ["video", "label"]
    assert table.rows == [(3, {"video": "ab.mp4", "label": "x"})]


def test_quoted_names_may_contain_the_mark():
    table = read_table('video,label\n"a,b",x\n', PATH, ("video",))
    assert table.rows[0][1]["video"] == "a,b"


def test_a_row_of_another_length_is_named():
    with pytest.raises(DatasetError, match="line 4 has 3 fields, the header 2"):
        read_table("\nvideo,label\na,x\nb,y,z\n", PATH, ("video",))


@pytest.mark.parametrize("header", ["video", "video,video,label"])
def test_a_missing_or_doubled_column_is_named(header):
    with pytest.raises(DatasetError, match="line 1 needs one column"):
        read_table(f"{header}\n", PATH, ("video", "label"))
