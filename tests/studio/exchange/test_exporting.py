"""What is gathered is what is on screen; what was written is compared with what was meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tpwng_core.errors import Cancelled
from tpwng_core.formats import ExportOptions
from tpwng_studio.exchange.exporting import Exporter, Wish, differences
from tpwng_studio.exchange.shelf import Shelf
from tpwng_studio.state.session import Session


def quiet(done: int, total: int) -> None:
    """Nobody listens."""


def wish_for(session: Session, *videos: str, name: str = "segments-csv", **options) -> Wish:
    ids = videos or tuple(video.id for video in session.videos)
    chosen = ExportOptions(**{"source": "effective", **options})
    return Wish(shelf=Shelf.of(session), videos=ids, format=name, options=chosen)


def test_gathered_pseudo_labels_are_those_of_the_sliders(session: Session) -> None:
    session.set_tuning(theta=0.3, alpha=0.5, min_duration=2)
    session.settle()
    assert session.video is not None
    item = Shelf.of(session).item(session.video)
    assert item.pseudo is not None
    assert session.derived is not None
    assert item.pseudo.segments(1) == session.pseudo_runs.segments(1)
    assert item.curves is not None
    assert np.array_equal(item.curves.psi, session.derived.psi)
    assert (item.curves.meta["alpha"], item.curves.meta["theta"]) == (0.5, 0.3)


def test_a_category_given_by_hand_is_gathered(session: Session) -> None:
    session.set_video_category("fire")
    session.save()
    assert session.video is not None
    item = Shelf.of(session).item(session.video)
    assert item.curves is not None
    assert item.curves.meta["category"] == ["fire"]
    assert session.derived is not None
    assert np.array_equal(item.curves.psi, session.derived.psi)


def test_a_video_without_curves_still_has_its_size(session: Session) -> None:
    assert session.project is not None
    for file in (*session.project.pseudo_dir.iterdir(), *session.project.scores_dir.iterdir()):
        file.unlink()
    session.reload_curves()
    assert session.video is not None
    item = Shelf.of(session).item(replace(session.video, num_frames=233, fps=None))
    assert (item.curves, item.scores, item.pseudo) == (None, None, None)
    assert item.num_frames == 233
    assert item.width


def test_a_changed_file_is_told_from_an_equal_one(session: Session, tmp_path: Path) -> None:
    wish = wish_for(session, "test_fire_001", "test_accident_003")
    outcome = Exporter().write(wish, tmp_path / "a.csv", quiet)
    assert (outcome.num_equal, outcome.num_videos, outcome.differing) == (2, 2, ())
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    (tmp_path / "a.csv").write_text(text.replace("test_fire_001,56,", "test_fire_001,57,"))
    items = wish.shelf.gather(wish.videos, quiet)
    assert differences(outcome.files, items, wish) == ("test_fire_001",)


@pytest.mark.parametrize("name", ["cvat", "label-studio", "elan", "webvtt", "npz", "frames-csv"])
def test_formats_of_every_kind_read_back(session: Session, tmp_path: Path, name: str) -> None:
    session.paint(10, 30, "normal")
    session.save()
    outcome = Exporter().write(wish_for(session, name=name), tmp_path / name, quiet)
    assert outcome.num_equal == outcome.num_videos == 8


def test_a_problem_is_an_answer_that_names_the_video(session: Session) -> None:
    session.paint(10, 30, "unknown")
    session.save()
    look = Exporter().look(wish_for(session, name="ucf-crime", source="human"), quiet)
    assert "test_fighting_000" in look.problem
    assert look.text == ""


def test_cancelling_while_gathering_writes_nothing(session: Session, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        Exporter().write(wish_for(session), tmp_path / "a.csv", stop)
    assert list(tmp_path.glob("*.csv")) == []
