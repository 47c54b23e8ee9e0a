"""Heat maps of the playhead's frame: asked when it rests, kept, never shown for another frame."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.studio.asking import AskedJobs, wait_for_request
from tpwng_core.heatmap import Heatmap, write_heatmap
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.live.heat import HeatMaps
from tpwng_studio.state.session import Session

WAIT_MS = 150_000  # a worker loads torch; on a machine busy with other work that takes long


class HeatJobs(AskedJobs):
    """Answers when the test says so."""

    def answer(self, number: int, **more: Any) -> None:
        """A map of 7 x 7 for a request."""
        asked = self.asked[number - 1]
        meta = {
            "frame": asked["frame"],
            "texts": [asked.get("text") or asked["category"]],
            "reading": asked["reading"],
            "contrast": False,
            "low": -0.1,
            "high": 0.3,
            **more,
        }
        grid = np.linspace(0, 1, 49, dtype=np.float32).reshape(7, 7)
        found = Heatmap(grid=grid, box=(24.0, 0.0, 168.0, 144.0), size=(192, 144), meta=meta)
        write_heatmap(Path(asked["out"]), found)
        self.live_answer.emit(number, {"out": asked["out"]})


@pytest.fixture
def jobs(qapp: object) -> Iterator[HeatJobs]:
    made = HeatJobs()
    yield made
    made.shutdown()


@pytest.fixture
def heat(session: Session, jobs: HeatJobs) -> HeatMaps:
    session.open_video("test_fire_001")
    return HeatMaps(session, jobs)


def test_nothing_is_asked_until_maps_are_wanted(
    qtbot: QtBot, session: Session, heat: HeatMaps, jobs: HeatJobs
) -> None:
    session.seek(70)
    qtbot.wait(200)
    assert not jobs.asked
    assert heat.words == ""
    heat.toggle()
    asked = wait_for_request(qtbot, jobs, 1)
    assert (asked["frame"], asked["category"]) == (70, "fire")
    assert "Looking for “fire” in frame 70" in heat.words


def test_a_map_is_that_of_its_frame_alone_and_is_kept(
    qtbot: QtBot, session: Session, heat: HeatMaps, jobs: HeatJobs
) -> None:
    heat.toggle()
    session.seek(70)
    wait_for_request(qtbot, jobs, 1)
    session.seek(80)
    jobs.answer(1)
    assert heat.found is None
    wait_for_request(qtbot, jobs, 2)
    jobs.answer(2)
    assert heat.found is not None
    assert heat.found.meta["frame"] == 80
    assert heat.words.startswith("patches that make the picture match “fire” · 7 x 7 grid")
    session.seek(70)
    assert heat.found is not None
    assert heat.found.meta["frame"] == 70
    qtbot.wait(200)
    assert len(jobs.asked) == 2


def test_while_the_playhead_moves_nothing_is_asked(
    qtbot: QtBot, session: Session, heat: HeatMaps, jobs: HeatJobs
) -> None:
    heat._rest.setInterval(600)  # on a busy machine a step may take as long as the usual rest
    heat.toggle()
    for frame in range(60, 100):
        session.seek(frame)
        qtbot.wait(20)
    assert not jobs.asked
    assert wait_for_request(qtbot, jobs, 1)["frame"] == 99


def test_typed_words_replace_the_category(
    qtbot: QtBot, session: Session, heat: HeatMaps, jobs: HeatJobs
) -> None:
    heat.toggle()
    heat.look_for("  a purple unicorn ")
    asked = wait_for_request(qtbot, jobs, 1)
    assert asked["text"] == "a purple unicorn"
    assert "category" not in asked
    jobs.answer(1, unknown_words=["purple", "unicorn"])
    assert "never seen by this CLIP: purple, unicorn" in heat.words
    heat.look_for("")
    assert wait_for_request(qtbot, jobs, 2)["category"] == "fire"


def test_a_quick_look_is_another_map(qtbot: QtBot, heat: HeatMaps, jobs: HeatJobs) -> None:
    heat.toggle()
    assert wait_for_request(qtbot, jobs, 1)["reading"] == "occlusion"
    jobs.answer(1)
    heat.set_quick(True)
    assert heat.found is None
    assert wait_for_request(qtbot, jobs, 2)["reading"] == "values"
    jobs.answer(2)
    assert heat.words.startswith("patches that match “fire”")


def test_another_category_is_another_map(
    qtbot: QtBot, session: Session, heat: HeatMaps, jobs: HeatJobs
) -> None:
    heat.toggle()
    wait_for_request(qtbot, jobs, 1)
    jobs.answer(1)
    session.set_video_category("fire|robbery")
    assert heat.found is None
    assert wait_for_request(qtbot, jobs, 2)["category"] == "fire|robbery"
    assert "“fire” or “robbery”" in heat.words


@pytest.mark.parametrize("video", ["test_fire_001", "test_normal_000"])
def test_of_a_video_that_cannot_be_read_nothing_is_asked(
    qtbot: QtBot, session: Session, heat: HeatMaps, jobs: HeatJobs, video: str
) -> None:
    session.open_video(video)
    session._update_item(video, badge="corrupt")
    heat.toggle()
    assert heat.words == "The video cannot be read: there is no picture to look at."
    heat.look_for("a hug")
    qtbot.wait(200)
    assert not jobs.asked


def test_a_video_that_proves_unreadable_is_said_to_be(
    qtbot: QtBot, session: Session, heat: HeatMaps
) -> None:
    session.open_video("test_normal_000")
    heat.toggle()
    with qtbot.waitSignal(heat.changed):
        session._update_item("test_normal_000", badge="missing")


def test_a_normal_video_asks_for_words(
    qtbot: QtBot, session: Session, heat: HeatMaps, jobs: HeatJobs
) -> None:
    heat.toggle()
    session.open_video("test_normal_000")
    assert "type what to look for" in heat.words
    qtbot.wait(200)
    assert not jobs.asked
    heat.look_for("a hug")
    assert wait_for_request(qtbot, jobs, 1)["text"] == "a hug"


def test_what_cannot_be_is_said_once(
    qtbot: QtBot, session: Session, heat: HeatMaps, jobs: HeatJobs
) -> None:
    heat.toggle()
    wait_for_request(qtbot, jobs, 1)
    with qtbot.waitSignal(session.message) as message:
        jobs.live_failed.emit(1, "CLIP synthetic has no image tower here")
    assert message.args == ["warning", "No heat map: CLIP synthetic has no image tower here"]
    assert heat.found is None
    assert "no image tower" in heat.words
    heat.toggle()
    assert heat.words == ""


def test_without_a_checkpoint_it_says_what_is_needed(
    session: Session, heat: HeatMaps, jobs: HeatJobs
) -> None:
    assert session.project is not None
    session.project.link(checkpoint=None)
    heat.toggle()
    assert "checkpoint" in heat.words


def test_a_real_worker_finds_it_and_then_knows_it(qtbot: QtBot, session: Session) -> None:
    jobs = Jobs()
    jobs.device = "cpu"
    heat = HeatMaps(session, jobs)
    session.open_video("test_fire_001")
    session.seek(70)
    heat.toggle()
    qtbot.waitUntil(lambda: heat.found is not None, timeout=WAIT_MS)
    assert heat.found is not None
    assert heat.found.meta["frame"] == 70
    assert heat.found.grid.shape == (8, 8)
    session.step(1)
    assert heat.found is None
    qtbot.waitUntil(lambda: heat.found is not None, timeout=WAIT_MS)
    jobs.shutdown()


def test_maps_and_scores_do_not_displace_each_other(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    assert session.project is not None
    jobs = Jobs()
    jobs.device = "cpu"
    answers: dict[int, dict[str, Any]] = {}
    jobs.live_answer.connect(answers.__setitem__)
    project, video = session.project, "test_fire_001"
    checkpoint = str(project.checkpoint)
    score = {"video": video, "features": str(project.features_dir), "checkpoint": checkpoint}
    look = {"video": str(project.folder / "videos" / f"{video}.mp4"), "checkpoint": checkpoint}
    numbers = []
    for step in range(3):
        numbers.append(jobs.rescore({**score, "r": 10 + step, "out": str(tmp_path)}))
        out = str(tmp_path / "a.npz")
        numbers.append(jobs.heatmap({**look, "category": "fire", "frame": step, "out": out}))
    qtbot.waitUntil(lambda: {numbers[-2], numbers[-1]} <= set(answers), timeout=WAIT_MS)
    assert answers[numbers[-2]]["r"] == 12
    assert answers[numbers[-1]]["frame"] == 2
    jobs.shutdown()
