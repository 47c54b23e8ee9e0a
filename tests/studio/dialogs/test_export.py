"""The export dialog: what it shows is what it writes, and what it wrote reads back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from tpwng_core.errors import VideoError
from tpwng_core.formats import FORMATS, GROUPS, ExportOptions, discover, import_
from tpwng_core.report import canvas
from tpwng_core.video import index_video
from tpwng_studio.dialogs.export import ExportDialog, figure_page
from tpwng_studio.dialogs.export.data_page import DataPage
from tpwng_studio.exchange.figure import Shown
from tpwng_studio.state.session import Session


@pytest.fixture
def dialog(qtbot, session: Session) -> Iterator[ExportDialog]:
    session.open_video("test_fire_001")
    session.paint(10, 40, "normal")
    made = ExportDialog(session)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()  # a screen without a window manager gives the focus to nobody by itself
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


@pytest.fixture
def page(qtbot, dialog: ExportDialog) -> DataPage:
    choose(qtbot, dialog.data_page, "segments-csv")
    return dialog.data_page


def choose(qtbot, page: DataPage, name: str, **boxes: str) -> None:
    page.preview.setPlainText("")
    page.losses.setText("")
    page.choices.choose(name)
    for box, value in boxes.items():
        control = getattr(page.choices, box)
        control.setCurrentIndex(control.findData(value))
    qtbot.waitUntil(lambda: page.losses.text() != "" and page.is_idle)


def press_export(qtbot, page: DataPage) -> str:
    qtbot.mouseClick(page.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.outcome.text() != "" and page.is_idle)
    return page.outcome.text()


def test_every_writable_format_is_offered(page: DataPage) -> None:
    names = {name for name in (name for name, _ in rows_of(page)) if name}
    assert names == {name for name, item in FORMATS.items() if item.can_write}


def rows_of(page: DataPage) -> list[tuple[str | None, str]]:
    """Name, None for the name of a group, and words of each row of the formats."""
    view = page.choices.formats
    rows = [view.item(row) for row in range(view.count())]
    return [(item.data(Qt.ItemDataRole.UserRole), item.text()) for item in rows]


def test_formats_stand_in_groups_and_in_each_by_title(page: DataPage) -> None:
    groups: dict[str, list[str]] = {}
    for name, words in rows_of(page):
        if name is None:
            groups[words] = []
        else:
            groups[list(groups)[-1]].append(words)
            assert FORMATS[name].group == list(groups)[-1]
    assert list(groups) == [group for group in GROUPS if group in groups]
    assert "Others" not in groups
    assert all(titles == sorted(titles, key=str.casefold) for titles in groups.values())


def test_arrow_keys_pass_over_the_name_of_a_group(qtbot, page: DataPage) -> None:
    for _ in range(len(FORMATS)):
        before = page.choices.format
        qtbot.keyClick(page.choices.formats, Qt.Key.Key_Down)
        if page.choices.format is before:
            break
    assert page.choices.format.group == "Pictures, films and reports"


def test_an_outcome_goes_with_the_choice_it_told_of_and_moves_nothing(
    qtbot, page: DataPage, tmp_path: Path
) -> None:
    page.target.setText(str(tmp_path / "here.csv"))
    page.export_button.setFocus()
    place = page.export_button.geometry()
    press_export(qtbot, page)
    assert page.export_button.hasFocus()
    assert page.export_button.geometry() == place
    page.target.setText(str(tmp_path / "there.csv"))
    assert page.outcome.text() == ""
    press_export(qtbot, page)
    choose(qtbot, page, "frames-csv")
    assert page.outcome.text() == ""
    assert page.export_button.geometry() == place


def test_who_presses_export_while_the_file_is_looked_at_gets_it(
    qtbot, page: DataPage, tmp_path: Path
) -> None:
    page.target.setText(str(tmp_path / "here.csv"))
    page._look()
    assert not page.is_idle
    assert page.export_button.isEnabled()
    press_export(qtbot, page)
    assert (tmp_path / "here.csv").is_file()


def test_one_video_is_not_called_videos(
    qtbot, session: Session, page: DataPage, tmp_path: Path
) -> None:
    page.target.setText(str(tmp_path / "here.csv"))
    with qtbot.waitSignal(session.message, check_params_cb=lambda _, text: "1 video to" in text):
        press_export(qtbot, page)


NEW = '''"""A format of one file."""
from tpwng_core.formats.format import Format
FORMATS = (Format(name="count", title="Count", extension=".txt", verified_by="eyes",
    lines=lambda entries, options: iter([f"{len(entries)} videos\\n"])),)
'''


def test_a_format_of_one_file_appears_and_exports_by_itself(
    qtbot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "window_formats"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "count.py").write_text(NEW, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    found = discover([str(package)], "window_formats")
    monkeypatch.setitem(FORMATS, "count", found["count"])
    dialog = ExportDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    choose(qtbot, dialog.data_page, "count")
    assert dialog.data_page.preview.toPlainText() == "1 videos"
    dialog.data_page.target.setText(str(tmp_path / "count.txt"))
    press_export(qtbot, dialog.data_page)
    assert (tmp_path / "count.txt").read_text(encoding="utf-8") == "1 videos\n"
    dialog.close()


def test_the_first_lines_are_those_of_the_file(
    qtbot, session: Session, page: DataPage, tmp_path: Path
) -> None:
    lines = page.preview.toPlainText().splitlines()
    assert "test_fire_001,10,40" in lines[1]
    page.target.setText(str(tmp_path / "out" / "here.csv"))
    said = press_export(qtbot, page)
    assert "Read back: 1 of 1 video equal." in said
    written = (tmp_path / "out" / "here.csv").read_text(encoding="utf-8").splitlines()
    assert written[: len(lines)] == lines


def test_what_was_exported_imports_as_the_same_labels(
    qtbot, session: Session, page: DataPage, tmp_path: Path
) -> None:
    choose(qtbot, page, "segments-csv", source="human")
    page.target.setText(str(tmp_path / "human.csv"))
    press_export(qtbot, page)
    (found,) = import_(tmp_path / "human.csv", "segments-csv")
    places = [(item.start, item.end, item.state) for item in found.segments]
    assert places == [(10, 40, "normal")]


def test_sliders_decide_what_is_exported(qtbot, session: Session, page: DataPage) -> None:
    session.set_tuning(theta=0.4)
    choose(qtbot, page, "segments-csv", source="pseudo")
    rows = page.preview.toPlainText().splitlines()[1:]
    found = [tuple(map(int, row.split(",")[1:3])) for row in rows]
    assert found == session.pseudo_runs.segments(1)
    assert len(found) == 2


def test_losses_are_named_before_anything_is_written(qtbot, page: DataPage) -> None:
    assert "who labelled a segment" in page.losses.text()
    choose(qtbot, page, "segments-csv", source="pseudo")
    assert "Nothing is lost" in page.losses.text()


@pytest.mark.parametrize("name", ["overlay-mp4", "figure-svg", "report-html"])
def test_what_cannot_be_imported_again_is_said(qtbot, page: DataPage, name: str) -> None:
    choose(qtbot, page, name)
    assert "reads back" not in page.losses.text()
    assert "cannot be imported again" in page.losses.text()


def test_what_cannot_be_said_is_refused_with_the_choice(
    qtbot, session: Session, page: DataPage
) -> None:
    session.paint(100, 110, "unknown")
    choose(qtbot, page, "ucf-crime")
    assert "Cannot be exported so" in page.losses.text()
    assert "Unknown: omit" in page.losses.text()
    assert not page.export_button.isEnabled()
    choose(qtbot, page, "ucf-crime", unknown="omit")
    assert page.export_button.isEnabled()


def test_only_reviewed_videos_where_that_is_asked(
    qtbot, session: Session, page: DataPage, tmp_path: Path
) -> None:
    session.accept_pseudo_labels()
    choose(qtbot, page, "segments-csv", scope="reviewed")
    assert page.export_button.text() == "Export 1 video"
    choose(qtbot, page, "segments-csv", scope="all")
    assert page.export_button.text() == "Export 8 videos"
    page.target.setText(str(tmp_path / "all.csv"))
    assert "8 of 8 videos equal" in press_export(qtbot, page)


def test_a_video_that_cannot_be_read_keeps_no_others_from_being_written(
    qtbot, session: Session, page: DataPage, tmp_path: Path
) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video" * 99)
    session.add_videos([tmp_path / "broken.mp4"])
    qtbot.waitUntil(lambda: session.videos[-1].badge == "corrupt")
    gone = session.videos[0]
    gone.path.unlink()
    session.reload_project()
    qtbot.waitUntil(lambda: session.videos[0].badge == "missing")
    for name, num in (("frames-csv", 8), ("npz", 8), ("clips", 7)):  # of curves; of pictures
        choose(qtbot, page, name, scope="all")
        assert f"All videos ({num}; {9 - num} left out)" == page.choices.scope.currentText()
        assert page.export_button.text() == f"Export {num} videos"
        assert (gone.id in page.choices.videos) == (num == 8)
    choose(qtbot, page, "frames-csv", scope="all")
    page.target.setText(str(tmp_path / "all.csv"))
    assert "8 of 8 videos equal" in press_export(qtbot, page)


def test_a_place_that_cannot_be_written_is_said(qtbot, page: DataPage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    page.target.setText(str(tmp_path / "file" / "below.csv"))
    assert "Not exported: cannot write" in press_export(qtbot, page)


def test_choices_that_a_format_does_not_have_are_hidden(qtbot, page: DataPage) -> None:
    assert not page.choices.slots.isVisible()
    choose(qtbot, page, "ucf-crime")
    assert page.choices.slots.isVisible()
    assert page.choices.options == ExportOptions(source="effective")


def test_a_video_with_its_curves_is_written_and_not_read_back(
    qtbot, page: DataPage, tmp_path: Path
) -> None:
    choose(qtbot, page, "overlay-mp4")
    assert "a file for each video" in page.choices.about.text()
    page.target.setText(str(tmp_path / "seen.mp4"))
    said = press_export(qtbot, page)
    assert "written only" in said
    assert index_video(tmp_path / "seen.mp4").num_frames == 224


def test_cancelling_leaves_no_half_file(qtbot, page: DataPage, tmp_path: Path) -> None:
    choose(qtbot, page, "overlay-mp4", scope="all")
    page.target.setText(str(tmp_path / "videos"))
    qtbot.mouseClick(page.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.bar.maximum() > 0)
    qtbot.mouseClick(page.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.is_idle)
    assert "Cancelled" in page.outcome.text()
    for file in (tmp_path / "videos").glob("*"):
        assert index_video(file).num_frames > 0  # what is there is whole


def test_closing_stops_what_runs(qtbot, dialog: ExportDialog) -> None:
    dialog.data_page.choices.choose("frames-csv")
    dialog.data_page.export()
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    qtbot.mouseClick(box.button(QDialogButtonBox.StandardButton.Close), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_figure_is_seen_and_saved(
    qtbot, dialog: ExportDialog, tmp_path: Path, suffix: str
) -> None:
    page = dialog.figure_page
    page.pictures.setChecked(False)
    dialog.tabs.setCurrentWidget(page)
    qtbot.waitUntil(lambda: not page.picture.pixmap().isNull())
    qtbot.waitUntil(page.save_button.isEnabled)
    page.target.setText(str(tmp_path / f"figure{suffix}"))
    qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Written" in page.outcome.text())
    head = (tmp_path / f"figure{suffix}").read_bytes()[:200]
    assert head.startswith(b"\x89PNG") if suffix == ".png" else b"<svg" in head or b"<?xml" in head


def test_a_figure_that_cannot_be_drawn_is_not_awaited_for_ever(
    qtbot, dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(wish: object, dpi: int, tell: object) -> bytes:
        raise VideoError("the video is gone", "find it")

    monkeypatch.setattr(figure_page, "draw_png", fail)
    page = dialog.figure_page
    assert not page.picture.text()
    dialog.tabs.setCurrentWidget(page)
    assert page.picture.text() == "Drawing…"
    qtbot.waitUntil(lambda: "the video is gone" in page.outcome.text())
    assert page.picture.text() == "The figure could not be drawn."
    monkeypatch.undo()
    page.look()
    qtbot.waitUntil(lambda: page.picture.has_picture)


def test_a_figure_that_takes_long_is_seen_to_be_drawn_and_cancelled(
    qtbot, dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def encode(figure: object, target: Path) -> bytes:
        go_on.wait(30)
        return b"<svg/>"

    page = dialog.figure_page
    page.pictures.setChecked(False)
    dialog.tabs.setCurrentWidget(page)
    qtbot.waitUntil(lambda: page.picture.has_picture and page.save_button.isEnabled())
    monkeypatch.setattr(canvas, "encode", encode)
    page.target.setText(str(tmp_path / "figure.svg"))
    for is_cancelled in (True, False):
        go_on.clear()
        page.save_button.setFocus()
        qtbot.keyClick(page.save_button, Qt.Key.Key_Space)
        assert page.bar.isVisible()
        assert page.outcome.text() == "Drawing…"
        assert page.cancel_button.hasFocus()
        if is_cancelled:
            qtbot.keyClick(page.cancel_button, Qt.Key.Key_Space)
        go_on.set()
        said = "Cancelled: nothing was written." if is_cancelled else "Written"
        qtbot.waitUntil(lambda said=said: said in page.outcome.text())
        qtbot.waitUntil(page.bar.isHidden)
        assert page.save_button.hasFocus()
        assert (tmp_path / "figure.svg").exists() != is_cancelled


def test_the_figure_is_of_what_is_visible_unless_the_whole_is_asked_for(
    qtbot, session: Session, tmp_path: Path
) -> None:
    session.open_video("test_fire_001")
    shown = Shown(frames=(40, 80), hidden=frozenset({"truth"}))
    dialog = ExportDialog(session, lambda: shown)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    page = dialog.figure_page
    page.pictures.setChecked(False)
    dialog.tabs.setCurrentWidget(page)
    assert page.part.currentText() == "Visible frames 40 to 79"
    for place, choice in enumerate(("Visible frames 40 to 79", "Whole video")):
        page.part.setCurrentText(choice)
        qtbot.waitUntil(page.save_button.isEnabled)
        page.outcome.clear()
        page.target.setText(str(tmp_path / f"{place}.svg"))
        qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "Written" in page.outcome.text())
        text = (tmp_path / f"{place}.svg").read_text(encoding="utf-8")
        assert "ground truth" not in text.replace("no ground truth", "")
        assert ("shown:" in text) == (place == 0)
    dialog.close()


def test_a_figure_of_another_kind_is_refused(qtbot, dialog: ExportDialog, tmp_path: Path) -> None:
    page = dialog.figure_page
    page.pictures.setChecked(False)
    dialog.tabs.setCurrentWidget(page)
    qtbot.waitUntil(page.save_button.isEnabled)
    page.target.setText(str(tmp_path / "figure.gif"))
    qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "use .svg or .png" in page.outcome.text())
