"""The registry: found in files, tolerant readers, refusals with choices, one more format."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.core.formats.samples import clock_of, curves, item_of
from tests.core.labels.samples import empty
from tpwng_core.errors import ConfigError
from tpwng_core.formats import (
    FORMATS,
    Annotation,
    ExportItem,
    ExportOptions,
    Format,
    ImportOptions,
    Mark,
    discover,
    export,
    losses_of,
    preview,
    read_annotations,
)
from tpwng_core.groundtruth import Interval
from tpwng_core.labels import LabelSegment

# design/cli.md
NAMES = (
    *("frames-csv", "segments-csv", "npz", "parquet", "ucf-crime", "xd-violence", "activitynet"),
    *("elan", "boris", "via", "cvat", "label-studio", "webvtt", "srt"),
)
TEXT = [item for item in FORMATS.values() if item.can_read and item.name not in ("npz", "parquet")]


@pytest.fixture
def item() -> ExportItem:
    said = replace(empty(video="v_label_B2-0-0"), category="Abuse")
    said = said.paint(LabelSegment(start=3, end=9, state="abnormal", category="Abuse"))
    return item_of(said.paint(LabelSegment(start=20, end=30, state="abnormal", category="Abuse")))


def test_every_format_of_the_contract_is_there_and_goes_both_ways() -> None:
    for name in NAMES:
        assert FORMATS[name].can_read, name
        assert FORMATS[name].can_write, name
    for item in FORMATS.values():
        assert item.extension.startswith(".")
        assert item.verified_by
        assert item.title


NEW = '''"""A format of one file."""
from tpwng_core.formats.format import Format
FORMATS = (Format(name="count", title="Count", extension=".txt", verified_by="eyes",
    lines=lambda entries, options: iter([f"{len(entries)}\\n"])),)
'''


def test_a_format_is_added_by_one_file(
    item: ExportItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "more_formats"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "count.py").write_text(NEW, encoding="utf-8")
    (package / "plain.py").write_text('"""No format."""\n', encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    found = discover([str(package)], "more_formats")
    assert list(found) == ["count"]
    monkeypatch.setitem(FORMATS, "count", found["count"])
    assert preview([item, item], "count") == "2"
    (path,) = export([item, item], "count", tmp_path)
    assert path.read_text(encoding="utf-8") == "2\n"


@pytest.mark.parametrize("form", TEXT, ids=lambda form: form.name)
def test_marks_line_ends_and_missing_spaces_are_no_matter(
    item: ExportItem, tmp_path: Path, form: Format
) -> None:
    path = export(item, form.name, tmp_path)[0]
    options = ImportOptions(clocks={item.video: clock_of(item)})
    before = read_annotations(path, form.name, options)
    lines = path.read_text(encoding="utf-8").split("\n")
    changed = "\r\n".join(line.rstrip() for line in lines)
    path.write_bytes(b"\xef\xbb\xbf" + changed.encode())
    assert read_annotations(path, form.name, options) == before
    path.write_text("\n".join(lines).rstrip("\n"), encoding="utf-8")  # no last line end
    assert read_annotations(path, form.name, options) == before


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_a_preview_shows_the_first_lines_without_writing(
    item: ExportItem, tmp_path: Path, form: Format
) -> None:
    shown = preview([item], form.name, num_lines=3)
    assert 1 <= len(shown.splitlines()) <= 3
    if form.lines is not None and "report" not in form.name and form.name != "elan":
        path = export(item, form.name, tmp_path)[0]
        assert path.read_text(encoding="utf-8").startswith(shown)


def test_nobody_reads_what_can_only_be_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can only be written"):
        read_annotations(tmp_path / "x.mp4", "overlay-mp4")


def test_pseudo_labels_and_people_are_told_apart(item: ExportItem) -> None:
    both = replace(item, curves=curves(item.video))
    shown = preview([both], "segments-csv", ExportOptions(source="effective"), num_lines=20)
    assert ",human," in shown
    assert ",pseudo," in shown
    assert ",human," not in preview([both], "segments-csv", ExportOptions(source="pseudo"))
    with pytest.raises(ConfigError, match="no pseudo-labels"):
        preview([item], "segments-csv", ExportOptions(source="pseudo"))


@pytest.mark.parametrize("name", ["npz", "frames-csv", "parquet"])
def test_overlaps_are_refused_where_a_frame_has_one_label(
    item: ExportItem, tmp_path: Path, name: str
) -> None:
    truth = (Interval(start=0, end=9, category="B1"), Interval(start=5, end=12, category="B2"))
    options = ExportOptions(source="truth")
    with pytest.raises(ConfigError, match="overlap"):
        export(replace(item, truth=truth), name, tmp_path, options)


def test_overlaps_go_to_further_tiers_of_elan(item: ExportItem, tmp_path: Path) -> None:
    truth = tuple(
        Interval(start=start, end=end, category="B1") for start, end in ((0, 9), (5, 12), (9, 20))
    )
    options = ExportOptions(source="truth")
    (path,) = export(replace(item, truth=truth), "elan", tmp_path, options)
    text = path.read_text(encoding="utf-8")
    assert 'TIER_ID="gt"' in text
    assert 'TIER_ID="gt-2"' in text
    (found,) = read_annotations(path, "elan")
    assert [(mark.start, mark.end, mark.origin) for mark in found.marks] == [
        (0, 9, "truth"),
        (5, 12, "truth"),
        (9, 20, "truth"),
    ]


def test_segments_without_a_frame_are_refused_where_there_is_no_place(tmp_path: Path) -> None:
    said = Annotation(video="v", marks=(Mark(start=4, end=4),), num_frames=9, category="Abuse")
    instant = ExportItem(video="v", annotation=said, num_frames=9)
    assert "v,4,4," in preview([instant], "segments-csv")
    with pytest.raises(ConfigError, match="no frame"):
        preview([instant], "npz")


def test_losses_are_named_only_where_they_happen(item: ExportItem) -> None:
    assert losses_of([item], "segments-csv") == []
    assert item.labels is not None
    segment = LabelSegment(start=40, end=45, state="normal", author="ann")
    signed = replace(item, labels=item.labels.paint(segment))
    assert losses_of([signed], "segments-csv") == ["who labelled a segment, and when"]


def test_the_table_in_the_readme_is_that_of_the_registry() -> None:
    script = ROOT / "scripts" / "format_table.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr


def test_the_registry_loads_neither_decoders_nor_figures() -> None:
    code = (
        "import sys, tpwng_core.formats;"
        "print([m for m in ('av', 'matplotlib', 'pyarrow', 'torch', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_a_loss_that_another_makes_moot_is_not_named(item: ExportItem) -> None:
    assert item.labels is not None
    segment = LabelSegment(start=40, end=45, state="unknown")
    more = replace(item, labels=item.labels.paint(segment))
    named = losses_of([more], "ucf-crime")
    assert any("normal or unknown" in text for text in named)
    assert not any("categories" in text for text in named)
