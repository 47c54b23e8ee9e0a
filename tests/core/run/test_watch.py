"""The verb watch: what comes live is scored as what comes from a file."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.core.run.live_footage import trained
from tests.core.video.serving import free_port, needs_ffmpeg, served, wait_for_server
from tests.core.video.test_live import record, write_slowly
from tpwng_core.errors import ConfigError, FeatureError, Stopped
from tpwng_core.events import Artifact, Event, Metric, Progress, silent
from tpwng_core.run.alarm_pictures import LATEST
from tpwng_core.run.alarms import AlarmConfig, AlarmLog
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.run.watch import WatchRequest, watch
from tpwng_core.scores import read_scores


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("causal"), causal=True)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("recording"))


def watched(request: WatchRequest) -> tuple[list[float], dict]:
    scores: list[float] = []

    def report(event: Event) -> None:
        if isinstance(event, Metric):
            scores.append(event.values["score"])

    return scores, watch(request, report)


def offline_scores(video: Path, checkpoint: Path, folder: Path) -> np.ndarray:
    """(T,) what ``score`` gives the finished file."""
    request = ScoreRequest(
        inputs=[video],
        checkpoint=checkpoint,
        out=folder / "scores",
        features=folder / "features",
        device="cpu",
    )
    score(request, silent)
    return read_scores(folder / "scores" / f"{video.stem}.scores.npz").snippet_score


def test_a_growing_file_is_scored_as_the_finished_one(
    checkpoint: Path, recording: Path, tmp_path: Path
) -> None:
    growing = tmp_path / "growing.ts"
    thread = write_slowly(recording.read_bytes(), growing)
    request = WatchRequest(
        source=str(growing),
        checkpoint=checkpoint,
        out=tmp_path / "alarms.jsonl",
        device="cpu",
        patience_s=1.0,
    )
    live, summary = watched(request)
    thread.join()
    offline = offline_scores(growing, checkpoint, tmp_path)
    np.testing.assert_allclose(live, offline, atol=1e-5)
    assert summary["snippets"] == len(offline) == 19


def test_alarms_are_told_and_logged(checkpoint: Path, recording: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    request = WatchRequest(
        source=str(recording),
        checkpoint=checkpoint,
        out=tmp_path / "alarms.jsonl",
        alarms=AlarmConfig(threshold=0.01, release=0.0),
        device="cpu",
        patience_s=0.5,
    )
    summary = watch(request, silent, lines.append)
    assert summary["alarms"] == 1
    assert [line.split()[0] for line in lines] == ["begin", "end", "watched"]
    assert f"{summary['snippets']} snippets, 1 alarm, 0 reconnections" in lines[-1]
    logged = [json.loads(line) for line in (tmp_path / "alarms.jsonl").read_text().splitlines()]
    assert [line["event"] for line in logged] == ["watch", "begin", "end"]
    assert (logged[-1]["start"], logged[-1]["end"]) == (0, 75)


def test_stop_ends_the_watch_and_closes_the_alarm(
    checkpoint: Path, recording: Path, tmp_path: Path
) -> None:
    def report(event: Event) -> None:
        if isinstance(event, Progress) and event.done == 3:
            raise Stopped

    request = WatchRequest(
        source=str(recording),
        checkpoint=checkpoint,
        out=tmp_path / "alarms.jsonl",
        alarms=AlarmConfig(threshold=0.01, release=0.0),
        device="cpu",
        patience_s=0.5,
    )
    summary = watch(request, report)
    assert summary["snippets"] == 3
    assert summary["stopped"] is True
    last = (tmp_path / "alarms.jsonl").read_text().splitlines()[-1]
    assert json.loads(last)["event"] == "end"


def test_a_checkpoint_that_looks_ahead_is_refused(recording: Path, tmp_path: Path) -> None:
    checkpoint = trained(tmp_path, causal=False)
    request = WatchRequest(source=str(recording), checkpoint=checkpoint, out=tmp_path / "log")
    with pytest.raises(ConfigError, match="both ways"):
        watch(request, silent)
    assert not (tmp_path / "log").exists()


def test_another_clip_is_refused(
    checkpoint: Path, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tpwng_core.run.watch.feature_key", lambda settings: "other")
    request = WatchRequest(source=str(recording), checkpoint=checkpoint, out=tmp_path / "log")
    with pytest.raises(FeatureError, match="centre frame of every 4"):
        watch(request, silent)


def test_metrics_tell_the_alarm_and_pictures_show_its_peak(
    checkpoint: Path, recording: Path, tmp_path: Path
) -> None:
    first_score = offline_scores(recording, checkpoint, tmp_path)[0]
    request = WatchRequest(
        source=str(recording),
        checkpoint=checkpoint,
        out=tmp_path / "alarms.jsonl",
        pictures=tmp_path / "pictures",
        alarms=AlarmConfig(threshold=float(first_score) - 1e-3, release=0.0),
        device="cpu",
        patience_s=0.5,
    )
    events: list[Event] = []
    assert watch(request, events.append)["alarms"] == 1
    values = [event.values for event in events if isinstance(event, Metric)]
    assert values[0]["alarm"] == 1
    assert values[0]["alarm_start_s"] == values[0]["time_s"] == 0
    peaks = np.maximum.accumulate([value["score"] for value in values])
    np.testing.assert_allclose([value["alarm_peak"] for value in values], peaks)
    assert "lag_s" not in values[0]  # what comes of a file may be as old as it likes
    last = json.loads((tmp_path / "alarms.jsonl").read_text().splitlines()[-1])
    names = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert names == {LATEST, Path(last["picture"]).name}
    told = [event.path for event in events if isinstance(event, Artifact)]
    assert Path(last["picture"]) in told


def test_the_log_does_not_tell_a_password(checkpoint: Path, tmp_path: Path) -> None:
    log = AlarmLog(tmp_path / "log", "rtsp://ada:secret@cam.example/1")
    log.append("watch", {"checkpoint": str(checkpoint)})
    assert json.loads((tmp_path / "log").read_text())["source"] == "rtsp://ada:***@cam.example/1"


@pytest.mark.slow
@needs_ffmpeg
def test_a_stream_of_ffmpeg_is_scored_as_the_file_and_opened_again_when_it_broke_off(
    checkpoint: Path, recording: Path, tmp_path: Path
) -> None:
    """A real server at the speed of a camera; it goes away, comes back, and goes for good."""
    port, served_again = free_port(), ExitStack()
    scores: dict[int, list[float]] = {}
    losses: list[float] = []

    def report(event: Event) -> None:
        if isinstance(event, Metric) and "lost" in event.values:
            losses.append(event.values["lost"])
            if len(losses) == 1:
                served_again.enter_context(served(recording, port))
        elif isinstance(event, Metric):
            scores.setdefault(event.epoch, []).append(event.values["score"])
            assert 0 <= event.values["lag_s"] < 5
            assert event.values["dropped"] == 0
        elif isinstance(event, Progress) and len(losses) > 1 and losses[-1] > 1:
            raise Stopped

    with served(recording, port) as address, served_again:
        request = WatchRequest(
            source=address,
            checkpoint=checkpoint,
            out=tmp_path / "alarms.jsonl",
            device="cpu",
            patience_s=5.0,
        )
        wait_for_server(port)
        summary = watch(request, report)
    offline = offline_scores(recording, checkpoint, tmp_path)
    connections = sorted(scores)
    assert len(connections) == 2
    for connection in connections:
        np.testing.assert_allclose(scores[connection], offline, atol=1e-5)
    assert summary["stopped"] is True
    assert summary["reconnections"] == len(losses)
    lines = (tmp_path / "alarms.jsonl").read_text().splitlines()
    logged = [json.loads(line)["event"] for line in lines]
    assert logged.count("lost") == len(losses)
