"""Files are opened by the readers they are made for, which agree with us."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
import srt
import webvtt
from pympi import Elan

from tests.core.formats.samples import curves, item_of, scores
from tests.core.labels.samples import empty
from tpwng_core.formats import ExportItem, ExportOptions, export
from tpwng_core.labels import LabelSegment

NAME = 'it\'s "odd", ü #1'


@pytest.fixture
def item() -> ExportItem:
    said = replace(empty(video=NAME), category="Abuse", reviewed=True)
    for start, end, state, category in (
        (0, 10, "abnormal", "Abuse"),
        (10, 20, "normal", None),
        (30, 41, "unknown", None),
        (50, 60, "abnormal", '=odd, "x" & <y>'),
    ):
        segment = LabelSegment(start=start, end=end, state=state, category=category)  # type: ignore[arg-type]
        said = said.paint(segment)
    base = replace(item_of(said), fps=Fraction(30000, 1001))
    return replace(base, scores=scores(NAME), curves=curves(NAME))


def times_of(item: ExportItem) -> list[tuple[int, int]]:
    assert item.labels is not None
    clock = item.clock
    return [
        (clock.milliseconds(segment.start), clock.milliseconds(segment.end))
        for segment in item.labels.segments
    ]


def test_pympi_reads_elan(item: ExportItem, tmp_path: Path) -> None:
    (path,) = export(item, "elan", tmp_path, ExportOptions(source="effective"))
    document = Elan.Eaf(str(path))
    found = [tuple(part[:2]) for part in document.get_annotation_data_for_tier("human")]
    assert found == times_of(item)
    words = [part[2] for part in document.get_annotation_data_for_tier("human")]
    assert words == ["abnormal (Abuse)", "normal", "unknown", 'abnormal (=odd, "x" & <y>)']
    assert document.get_annotation_data_for_tier("pseudo")
    assert document.get_linked_files()[0]["MIME_TYPE"] == "video/mp4"
    document.to_file(str(tmp_path / "again.eaf"))
    assert Elan.Eaf(str(tmp_path / "again.eaf")).get_tier_names() == document.get_tier_names()


def test_webvtt_reads_the_subtitles(item: ExportItem, tmp_path: Path) -> None:
    (path,) = export(item, "webvtt", tmp_path)
    cues = list(webvtt.read(str(path)))
    found = [(cue.start_time.in_seconds(), cue.end_time.in_seconds()) for cue in cues]
    assert np.allclose(np.array(found), np.array(times_of(item)) // 1000)
    assert cues[0].start == "00:00:00.000"
    assert cues[0].end == "00:00:00.334"
    assert cues[0].text.startswith("abnormal (Abuse) 0.08")


def test_srt_reads_the_subtitles(item: ExportItem, tmp_path: Path) -> None:
    (path,) = export(item, "srt", tmp_path)
    cues = list(srt.parse(path.read_text(encoding="utf-8")))
    found = [
        (round(cue.start.total_seconds() * 1000), round(cue.end.total_seconds() * 1000))
        for cue in cues
    ]
    assert found == times_of(item)
    assert [cue.index for cue in cues] == [1, 2, 3, 4]
    assert cues[3].content.startswith('abnormal (=odd, "x" & <y>)')


def test_pyarrow_and_duckdb_read_parquet(item: ExportItem, tmp_path: Path) -> None:
    (path,) = export(item, "parquet", tmp_path, ExportOptions(source="effective"))
    table = pq.read_table(path)
    assert table.num_rows == item.num_frames
    assert json.loads(table.schema.metadata[b"tpwng"])["schema_version"] == 1
    assert table.schema.metadata[b"schema_version"] == b"1"
    query = (
        "select video, count(*), sum(human_label == 1)::int, max(score) from '{}' group by video"
    )
    assert item.scores is not None
    rows = duckdb.sql(query.format(path)).fetchall()
    assert rows == [(NAME, 60, 20, float(item.scores.score.max()))]


@pytest.mark.parametrize("name", ["frames-csv", "segments-csv", "boris"])
def test_duckdb_reads_the_tables(item: ExportItem, tmp_path: Path, name: str) -> None:
    path = export(item, name, tmp_path)[0]
    rows = duckdb.read_csv(str(path)).fetchall()
    assert len(rows) == (60 if name == "frames-csv" else 4)
    assert rows[0][0] == NAME


def test_numpy_reads_the_arrays_without_unpickling(item: ExportItem, tmp_path: Path) -> None:
    (path,) = export(item, "npz", tmp_path)
    assert item.scores is not None
    with np.load(path, allow_pickle=False) as found:
        assert found["human"].dtype == np.int8
        assert np.array_equal(np.unique(found["human"]), [-2, -1, 0, 1])
        assert found["time_base"].tolist() == [1, 90000]
        assert np.array_equal(found["score"], item.scores.score)
        assert found["psi"].shape == found["pseudo"].shape == (60,)


def test_a_tsv_of_boris_is_separated_by_tabs(item: ExportItem, tmp_path: Path) -> None:
    (path,) = export(item, "boris", tmp_path / "events.tsv")
    header = path.read_text(encoding="utf-8").splitlines()[0].split("\t")
    assert header[:2] == ["Observation id", "Observation date"]
    assert header[-2:] == ["Comment start", "Comment stop"]


def test_elements_of_elan_stand_in_the_order_of_its_schema(
    item: ExportItem, tmp_path: Path
) -> None:
    from xml.etree.ElementTree import parse

    (path,) = export(item, "elan", tmp_path)
    root = parse(path).getroot()  # written by us
    order = ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE"]
    tags = [order.index(node.tag) for node in root]
    assert tags == sorted(tags)
    assert set(root.attrib) >= {"AUTHOR", "DATE", "FORMAT", "VERSION"}
    header = [node.tag for node in root[0]]
    assert header == sorted(header)  # MEDIA_DESCRIPTOR before PROPERTY
    values = [int(node.get("TIME_VALUE", "")) for node in root.iter("TIME_SLOT")]
    assert values == sorted(values)
    for node in root.iter("ALIGNABLE_ANNOTATION"):
        assert set(node.attrib) == {"ANNOTATION_ID", "TIME_SLOT_REF1", "TIME_SLOT_REF2"}
        assert [child.tag for child in node] == ["ANNOTATION_VALUE"]
