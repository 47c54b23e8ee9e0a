"""Labels of files against what people said before."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from tpwng_core.formats import ExportOptions, export
from tpwng_core.labels import LabelSegment, State, VideoLabels
from tpwng_studio.exchange.importing import (
    FoundVideo,
    ImportWish,
    num_conflicts,
    read_import,
    sniffed,
)
from tpwng_studio.exchange.shelf import Shelf
from tpwng_studio.state.session import Session


def labels(*places: tuple[int, int, State], category: str | None = None) -> VideoLabels:
    segments = tuple(LabelSegment(start=a, end=b, state=state) for a, b, state in places)
    return VideoLabels(
        video="v", num_frames=100, fps=Fraction(25), category=category, segments=segments
    )


def quiet(done: int, total: int) -> None:
    """Nobody listens."""


def test_conflicts_are_frames_of_which_both_say_something_else() -> None:
    mine = labels((0, 10, "normal"), (20, 30, "abnormal"))
    theirs = labels((5, 25, "abnormal"))
    assert num_conflicts(mine, theirs) == 5
    assert num_conflicts(mine, mine) == 0


def test_keeping_mine_takes_theirs_only_where_i_said_nothing() -> None:
    mine = labels((0, 10, "normal"), category="fire")
    found = FoundVideo(theirs=labels((5, 25, "abnormal"), category="x"), mine=mine, num_conflicts=5)
    kept = found.chosen(keep_mine=True)
    assert [(item.start, item.end) for item in kept.segments] == [(10, 25)]
    assert kept.category is None
    assert found.chosen(keep_mine=False) is found.theirs


def test_seconds_become_the_frames_of_the_videos_own_time_stamps(
    session: Session, tmp_path: Path
) -> None:
    session.paint(17, 41, "abnormal")
    session.save()
    shelf = Shelf.of(session)
    item = shelf.gather(["test_fighting_000"], quiet)[0]
    (path,) = export(item, "webvtt", tmp_path / "a.vtt", ExportOptions(source="human"))
    assert sniffed([path]) == "webvtt"
    found = read_import(ImportWish(shelf=shelf, paths=(path,), format="webvtt"), quiet)
    (video,) = found.videos
    assert [(item.start, item.end) for item in video.theirs.segments] == [(17, 41)]
    assert video.num_conflicts == 0
