"""Small pictures: the latest once a second, an alarm's at its peak."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tpwng_core.events import Artifact, Event
from tpwng_core.run.alarm_pictures import LATEST, AlarmPictures
from tpwng_core.run.alarms import Alarm


def grey(value: int, height: int = 270, width: int = 960) -> np.ndarray:
    return np.full((height, width, 3), value, dtype=np.uint8)


def alarm(start: int, peak: float) -> Alarm:
    return Alarm(connection=0, start=start, end=start + 8, start_s=0.0, end_s=1.0, peak=peak)


def shade(path: Path) -> int:
    with Image.open(path) as image:
        return round(float(np.asarray(image).mean()))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("tpwng_core.run.alarm_pictures.time.monotonic", lambda: now[0])
    return now


def test_the_latest_is_small_and_written_once_a_second(tmp_path: Path, clock: list[float]) -> None:
    events: list[Event] = []
    pictures = AlarmPictures(tmp_path / "pictures", events.append)
    for value, step_s in ((10, 0.0), (50, 0.5), (90, 0.6)):
        clock[0] += step_s
        pictures.take(grey(value), None)
    latest = tmp_path / "pictures" / LATEST
    assert events == [Artifact(kind="picture", path=latest)] * 2
    assert shade(latest) == pytest.approx(90, abs=2)
    with Image.open(latest) as image:
        assert image.size == (480, 135)
    assert [path.name for path in latest.parent.iterdir()] == [LATEST]


def test_an_alarms_picture_is_that_of_its_peak(tmp_path: Path, clock: list[float]) -> None:
    events: list[Event] = []
    pictures = AlarmPictures(tmp_path, events.append)
    assert pictures.alarm_path is None
    for value, peak in ((20, 0.6), (80, 0.9), (140, 0.9)):
        pictures.take(grey(value), alarm(16, peak))
    pictures.take(grey(200), None)
    first = pictures.alarm_path
    assert first is not None
    assert first.name.endswith("-0-00000016.jpg")
    assert shade(first) == pytest.approx(80, abs=2)
    pictures.take(grey(240), alarm(64, 0.5))
    assert pictures.alarm_path != first
    assert pictures.alarm_path is not None
    assert shade(pictures.alarm_path) == pytest.approx(240, abs=2)
    assert shade(first) == pytest.approx(80, abs=2)
    kinds = [event.kind for event in events if isinstance(event, Artifact)]
    assert kinds.count("alarm-picture") == 3
