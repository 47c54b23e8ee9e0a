"""Alarms: hysteresis and their log."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.errors import ConfigError, OutputError
from tpwng_core.run.alarms import Alarm, AlarmConfig, AlarmLog, Hysteresis


def snippet(number: int, score: float) -> Alarm:
    start = number * 16
    return Alarm(
        connection=0, start=start, end=start + 16, start_s=number, end_s=number, peak=score
    )


def changes(scores: list[float], config: AlarmConfig) -> list[tuple[str, Alarm]]:
    hysteresis = Hysteresis(config)
    found = [hysteresis.push(snippet(number, score)) for number, score in enumerate(scores)]
    return [change for change in [*found, hysteresis.close()] if change is not None]


def test_a_score_that_hovers_about_the_threshold_rings_once() -> None:
    found = changes([0.1, 0.6, 0.45, 0.55, 0.45, 0.3, 0.2, 0.6], AlarmConfig())
    assert [what for what, _ in found] == ["begin", "end", "begin", "end"]
    ended = found[1][1]
    assert (ended.start, ended.end, ended.peak) == (16, 80, 0.6)


def test_one_quiet_snippet_does_not_end_an_alarm() -> None:
    assert len(changes([0.6, 0.1, 0.6, 0.1, 0.6], AlarmConfig(hold_snippets=2))) == 2


@given(scores=st.lists(st.floats(0, 1), max_size=60), hold=st.integers(1, 4))
def test_alarms_alternate_do_not_overlap_and_hold_every_score_above(scores, hold) -> None:
    found = changes(scores, AlarmConfig(hold_snippets=hold))
    assert [what for what, _ in found] == ["begin", "end"] * (len(found) // 2)
    ended = [alarm for what, alarm in found if what == "end"]
    assert all(one.end <= two.start for one, two in pairwise(ended))
    covered = {frame for alarm in ended for frame in range(alarm.start, alarm.end, 16)}
    assert covered >= {16 * number for number, score in enumerate(scores) if score >= 0.5}
    assert all(alarm.peak >= 0.5 for alarm in ended)


def test_a_release_above_the_threshold_is_refused() -> None:
    with pytest.raises(ConfigError, match="release"):
        AlarmConfig(threshold=0.3, release=0.4)


def test_the_log_grows_line_by_line(tmp_path: Path) -> None:
    log = AlarmLog(tmp_path / "new" / "alarms.jsonl", "camera:0")
    log.append("begin", snippet(3, 0.7))
    AlarmLog(tmp_path / "new" / "alarms.jsonl", "camera:0").append("lost", {"reason": "x"})
    lines = (tmp_path / "new" / "alarms.jsonl").read_text().splitlines()
    first, second = (json.loads(line) for line in lines)
    assert (first["event"], first["start"], first["source"]) == ("begin", 48, "camera:0")
    assert second["event"] == "lost"


def test_a_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        AlarmLog(tmp_path / "file" / "alarms.jsonl", "x").append("begin", snippet(0, 1.0))
