"""The review queue in the session: one video after the other, judged and gone on."""

from __future__ import annotations

from itertools import groupby

import pytest
from pytestqt.qtbot import QtBot

from tpwng_core.labels import UNSET
from tpwng_core.review import ReviewItem
from tpwng_studio.state.session import Segment, Session


@pytest.fixture
def surveyed(session: Session, qtbot: QtBot) -> Session:
    """A session that has looked at all videos; of two it is sure."""
    session.set_tuning(theta=0.5)
    qtbot.waitUntil(
        lambda: len({item.video for item in session.review_queue}) >= 4,
        timeout=20_000,
    )
    return session


def by_video(items: list[ReviewItem]) -> list[list[ReviewItem]]:
    """Neighbours of one video together."""
    return [list(group) for _, group in groupby(items, key=lambda item: item.video)]


def elsewhere(session: Session, item: ReviewItem) -> Segment:
    """A segment that an item does not lie in."""
    return next(s for s in session.segments if not s.start <= item.start < s.end)


def test_the_open_video_comes_first_and_each_is_ranked(surveyed: Session) -> None:
    queue = list(surveyed.review_queue)
    assert queue[0].video == "test_fighting_000"
    own = [item for item in queue if item.video == "test_fighting_000"]
    others = [item for item in queue if item.video != "test_fighting_000"]
    assert queue == [*own, *others]
    best = [max(i.priority for i in group) for group in by_video(others)]
    assert best == sorted(best, reverse=True)
    for part in (own, *by_video(others)):
        priorities = [item.priority for item in part]
        assert priorities == sorted(priorities, reverse=True)
    assert not {item.video for item in queue} & {"test_normal_000", "test_normal_001"}


def test_tab_walks_down_and_back_over_videos(surveyed: Session) -> None:
    queue = list(surveyed.review_queue)
    own = [item for item in queue if item.video == "test_fighting_000"]
    for item in own:
        surveyed.next_review(1)
        assert surveyed.review_item == item
        assert surveyed.playhead == item.start
    surveyed.next_review(-1)
    back_at = max(len(own) - 2, 0)
    assert surveyed.review_item == own[back_at]
    for _ in range(len(own) - back_at):
        surveyed.next_review(1)
    assert surveyed.video is not None
    assert surveyed.video.id == queue[len(own)].video


def test_tab_comes_to_every_place_and_shift_tab_goes_back_over_videos(surveyed: Session) -> None:
    wanted = {(item.video, item.start) for item in surveyed.review_queue}
    went: list[tuple[str, int]] = []
    for _ in range(len(wanted)):
        surveyed.next_review(1)
        assert surveyed.review_item is not None
        went.append((surveyed.review_item.video, surveyed.review_item.start))
    assert wanted <= set(went)
    for place in reversed(went[:-1]):
        surveyed.next_review(-1)
        assert surveyed.review_item is not None
        assert (surveyed.review_item.video, surveyed.review_item.start) == place
    heard: list[str] = []
    surveyed.message.connect(lambda _, text: heard.append(text))
    surveyed.next_review(-1)
    assert heard == ["This is the first place"]


def test_after_a_redo_tab_goes_to_what_follows(surveyed: Session) -> None:
    first, second = list(surveyed.review_queue)[:2]
    surveyed.judge_review(first, "normal")
    surveyed.undo()
    surveyed.redo()
    surveyed.next_review(1)
    assert surveyed.review_item is not None
    assert surveyed.review_item.start == second.start


def test_a_judged_item_leaves_the_queue_as_one_step(surveyed: Session) -> None:
    item = surveyed.review_queue[0]
    surveyed.judge_review(item, "normal")
    assert item not in surveyed.review_queue
    assert (surveyed.labels.as_array()[item.start : item.end] == 0).all()
    assert surveyed.undo_text.startswith("Review: normal")
    assert surveyed.review_item is None or surveyed.review_item != item
    surveyed.open_video(item.video)
    surveyed.undo()
    assert surveyed.labels.segments == ()
    assert item in surveyed.review_queue


def test_agreeing_keeps_what_holds(surveyed: Session) -> None:
    item = surveyed.review_queue[0]
    before = surveyed.effective.as_array()[item.start : item.end]
    surveyed.judge_review(item)
    surveyed.open_video(item.video)
    assert (surveyed.labels.as_array()[item.start : item.end] == before).all()


def test_all_can_be_judged_and_then_nothing_is_left(surveyed: Session) -> None:
    heard: list[str] = []
    surveyed.message.connect(lambda _, text: heard.append(text))
    for _ in range(500):
        if not surveyed.review_queue:
            break
        surveyed.judge_review(surveyed.review_queue[0], "unknown")
    assert not surveyed.review_queue
    surveyed.next_review(1)
    assert heard == ["Nothing is left to review"]


def test_a_reviewed_video_leaves_the_queue(surveyed: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(surveyed.review_changed):
        surveyed.accept_pseudo_labels()
    assert (surveyed.labels.as_array() != UNSET).all()
    assert "test_fighting_000" not in {item.video for item in surveyed.review_queue}
    surveyed.open_video("test_fire_001")
    assert "test_fighting_000" not in {item.video for item in surveyed.review_queue}


def test_what_is_under_review_is_told_where_it_changes_and_nowhere_else(surveyed: Session) -> None:
    item, told = surveyed.review_queue[0], []
    surveyed.under_review_changed.connect(lambda: told.append(surveyed.under_review))
    surveyed.go_to_review(item)
    assert told == [item]
    for frame in range(item.start, item.end):
        surveyed.seek(frame)
    assert told == [item]
    surveyed.seek(item.end)
    for frame in range(item.end, surveyed.num_frames):
        surveyed.seek(frame)
    assert told == [item, None]
    surveyed.seek(item.start)
    surveyed.set_mark(item.start, item.end)
    surveyed.set_mark(None, None)
    surveyed.select(elsewhere(surveyed, item))
    surveyed.select(None)
    assert told == [item, None, item, None, item, None, item]
    surveyed.open_video("test_normal_000")
    assert told[7:] == [None]


def test_who_hears_of_a_change_reads_what_is_under_review_since(surveyed: Session) -> None:
    item, read = surveyed.review_queue[0], []
    signals = (surveyed.playhead_changed, surveyed.mark_changed, surveyed.selection_changed)
    for signal in (*signals, surveyed.video_changed, surveyed.project_changed):
        signal.connect(lambda: read.append(surveyed.under_review))
    steps = (
        lambda: surveyed.seek(item.end),
        lambda: surveyed.set_mark(item.start, item.end),
        lambda: surveyed.select(elsewhere(surveyed, item)),
        lambda: surveyed.open_video("test_normal_000"),
        surveyed.close_project,
    )
    for leave in steps:
        surveyed.go_to_review(item)
        assert surveyed.under_review == item
        read.clear()
        leave()
        assert read
        assert set(read) == {None}


def test_a_place_that_is_listed_no_more_is_not_under_review(surveyed: Session) -> None:
    surveyed.next_review(1)
    item = surveyed.under_review
    assert item is not None
    told: list[ReviewItem | None] = []
    surveyed.under_review_changed.connect(lambda: told.append(surveyed.under_review))
    surveyed.paint(0, surveyed.num_frames, "normal")
    surveyed.select(None)
    surveyed.seek(item.start)
    assert item not in surveyed.review_queue
    assert surveyed.under_review is None
    assert told[-1] is None
