"""The verb watch: what comes live is scored as what comes from a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.core.run.footage import film
from tests.core.video.test_live import record, write_slowly
from tpwng_core.datasets import VideoRecord, write_manifest
from tpwng_core.errors import ConfigError, FeatureError, Stopped
from tpwng_core.events import Event, Metric, Progress, silent
from tpwng_core.run.alarms import AlarmConfig
from tpwng_core.run.extract import ExtractConfig, extract
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.run.settings import load_settings
from tpwng_core.run.train import TrainRequest, train
from tpwng_core.run.watch import WatchRequest, watch
from tpwng_core.scores import read_scores

STRIDE = 4


def trained(folder: Path, *, causal: bool) -> Path:
    videos = folder / "videos"
    videos.mkdir()
    records = []
    for number in range(4):
        path = film(videos / f"v{number}.mp4", 40, first=30 * number)
        labels = ("fire",) if number % 2 else ()
        records.append(VideoRecord(video=path.stem, path=path, labels=labels, split="train"))
    write_manifest(folder / "manifest.csv", records)
    config = ExtractConfig(stride=STRIDE)
    out = folder / "features"
    extract([videos], out=out, clip="demo", config=config, device="cpu", report=silent)
    overrides = ["training.epochs=1", f"temporal.causal={str(causal).lower()}"]
    request = TrainRequest(
        manifest=folder / "manifest.csv",
        features=out,
        out=folder / "run",
        settings=load_settings("demo", None, overrides),
        device="cpu",
    )
    train(request, silent)
    return folder / "run" / "checkpoint.safetensors"


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
    score(
        ScoreRequest(
            inputs=[growing], checkpoint=checkpoint, out=tmp_path / "scores",
            features=tmp_path / "features", device="cpu",
        ),
        silent,
    )  # fmt: skip
    offline = read_scores(tmp_path / "scores" / "growing.scores.npz").snippet_score
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
    assert [line.split()[0] for line in lines] == ["begin", "end"]
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
    assert watch(request, report)["snippets"] == 3
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
