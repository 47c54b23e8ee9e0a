"""Messages that stay until they are read, and words that pass."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tpwng_studio import theme
from tpwng_studio.theme import SCHEMES
from tpwng_studio.widgets.drop_zone import dropped_paths, is_project
from tpwng_studio.widgets.message_bar import MessageBar
from tpwng_studio.widgets.save_state import ago
from tpwng_studio.widgets.toast import Toast


def test_the_newest_message_is_on_top_and_older_ones_wait(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message("warning", "read only")
    bar.show_message("error", "disk full")
    assert bar.text.text() == "disk full   (+1 more)"
    bar.close_button.click()
    assert bar.text.text() == "read only"
    bar.close_button.click()
    assert bar.isHidden()


def test_the_same_message_is_kept_once(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    for _ in range(3):
        bar.show_message("error", "disk full")
    assert bar.text.text() == "disk full"
    bar.take_away()
    assert bar.isHidden()


def test_a_message_about_a_video_goes_with_it(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message("warning", "read only")
    bar.show_message("error", "one.mp4 is damaged", about="one")
    bar.keep_about("one")
    assert bar.text.text() == "one.mp4 is damaged   (+1 more)"
    bar.keep_about("two")
    assert bar.text.text() == "read only"


def test_text_of_a_message_is_never_markup(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message("error", "cannot read <b>a&b</b>.mp4")
    assert bar.text.text() == "cannot read <b>a&b</b>.mp4"


def test_a_passing_word_stays_inside_and_goes_by_itself(qtbot: QtBot) -> None:
    parent = QWidget()
    parent.resize(400, 200)
    qtbot.addWidget(parent)
    parent.show()
    toast = Toast(parent)
    toast.say("Copied")
    assert toast.isVisible()
    assert parent.rect().contains(toast.geometry())
    parent.resize(300, 120)
    assert parent.rect().contains(toast.geometry())
    parent.hide()


def test_a_passing_word_keeps_to_the_part_it_floats_over(qtbot: QtBot) -> None:
    parent = QWidget()
    parent.resize(500, 400)
    upper = QWidget(parent)
    upper.setGeometry(0, 0, 500, 200)
    qtbot.addWidget(parent)
    parent.show()
    toast = Toast(parent, upper)
    toast.say("Undone: Mark normal")
    assert upper.geometry().contains(toast.geometry())
    upper.setGeometry(0, 50, 400, 120)
    assert upper.geometry().contains(toast.geometry())
    toast.hide()
    upper.hide()  # nothing to float over: the lower edge of all
    toast.say("Copied")
    assert toast.geometry().bottom() > upper.geometry().bottom()
    parent.hide()


def test_a_passing_word_takes_the_colours_of_another_theme(
    qtbot: QtBot, qapp: QApplication
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    toast = Toast(parent)
    try:
        for scheme in SCHEMES[1:]:
            values = theme.apply(qapp, scheme)
            if not toast.isVisible():
                toast.say("Copied")
            QApplication.processEvents()
            assert values.raised.name() in toast.styleSheet()
    finally:
        theme.apply(qapp, "light")


def test_how_long_ago_is_told_as_people_do() -> None:
    assert [ago(s) for s in (0, 12, 61, 7300)] == ["just now", "12 s ago", "1 min ago", "2 h ago"]


def test_what_is_there_can_be_dropped_and_links_of_the_net_cannot(tmp_path: Path) -> None:
    (tmp_path / "project.toml").write_text("")
    data = QMimeData()
    data.setUrls([QUrl("http://example.org/x"), QUrl.fromLocalFile(str(tmp_path / "gone.mp4"))])
    assert dropped_paths(data) == []
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    assert dropped_paths(data) == [tmp_path]
    assert is_project(tmp_path)
    assert is_project(tmp_path / "project.toml")
    assert not is_project(tmp_path / "a.mp4")
