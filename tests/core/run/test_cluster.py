"""Extraction and scoring on a real Ray cluster of two nodes."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.core.run.footage import film
from tpwng_core.errors import Cancelled, ConfigError
from tpwng_core.events import Artifact, Event, Message, Progress, silent
from tpwng_core.features import read_features
from tpwng_core.run.cluster import (
    ClusterConfig,
    TaskResult,
    _gpu_share,
    _Writer,
    extract_on_cluster,
    score_on_cluster,
)
from tpwng_core.run.extract import ExtractConfig, extract
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.scores import read_scores

CONFIG = ExtractConfig(stride=4)
CHECKPOINT = Path("assets/demo/miniature/run/checkpoint.safetensors")
MINIATURE = Path("assets/demo/miniature/videos")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Two raylets on this machine, one processor each."""
    pytest.importorskip("ray", reason="the extra [cluster] is not installed")
    from ray.cluster_utils import Cluster

    os.environ["PYTHONPATH"] = str(Path.cwd())
    node: dict = {"num_cpus": 1, "object_store_memory": 100 * 2**20}
    cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    cluster.add_node(**node)
    yield cluster.address
    cluster.shutdown()
    del os.environ["PYTHONPATH"]


def workers_running(name: str) -> list[int]:
    """Process ids of Ray's workers that run a task of that name now."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            title = (entry / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
        except OSError:
            continue
        if title.startswith(f"ray::{name}"):
            found.append(int(entry.name))
    return found


def kill_one(name: str, killed: list[int], stop: threading.Event) -> None:
    while not stop.is_set():
        for pid in workers_running(name):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue  # it ended since it was seen
            killed.append(pid)
            return
        time.sleep(0.01)


@contextmanager
def one_worker_killed(task: str) -> Iterator[None]:
    """Kill the first worker that runs such a task; fails where none was seen."""
    killed: list[int] = []
    stop = threading.Event()
    killer = threading.Thread(target=kill_one, args=(task, killed, stop))
    killer.start()
    try:
        yield
    finally:  # else a run that fails would leave a thread that keeps the tests from ending
        stop.set()
        killer.join()
    assert killed


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(address: str, tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    for number in range(6):
        film(videos / f"v{number}.mp4", 60 + number, first=50 * number)
    (videos / "broken.mp4").write_bytes(b"\0" * 500)
    events: list[Event] = []
    cluster = ClusterConfig(address=address)
    common: dict = {"clip": "demo", "config": CONFIG, "device": "cpu"}
    with one_worker_killed("extract_task"):
        summary = extract_on_cluster(
            [videos], out=tmp_path / "there", cluster=cluster, report=events.append, **common
        )
    assert sorted(summary.done) == [f"v{number}" for number in range(6)]
    assert list(summary.failed) == ["broken"]
    written = [event.path.name for event in events if isinstance(event, Artifact)]
    assert len(written) == len(set(written)) == 6
    extract([videos], out=tmp_path / "here", report=silent, **common)
    for number in range(6):
        name = f"v{number}.features.safetensors"
        one, two = read_features(tmp_path / "there" / name), read_features(tmp_path / "here" / name)
        # here frames of several videos share a batch, so the last bit of float16 may differ
        np.testing.assert_allclose(one.features, two.features, rtol=2e-3, atol=5e-3)
        assert one.meta == two.meta
    again = extract_on_cluster(
        [videos], out=tmp_path / "there", cluster=cluster, report=silent, **common
    )
    assert len(again.skipped) == 6


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_scores_from_the_cluster_are_those_made_here(address: str, tmp_path: Path) -> None:
    videos = sorted(MINIATURE.glob("*.mp4"))[:3]
    request = ScoreRequest(
        inputs=videos, checkpoint=CHECKPOINT, out=tmp_path / "there", device="cpu"
    )
    cluster = ClusterConfig(address=address)
    events: list[Event] = []
    with one_worker_killed("score_task"):
        assert score_on_cluster(request, cluster, events.append)["scored"] == 3
    written = [event.path.name for event in events if isinstance(event, Artifact)]
    assert len(written) == len(set(written)) == 6  # scores, and features made on the way
    assert [event.done for event in events if isinstance(event, Progress)] == [1, 2, 3]
    here = ScoreRequest(inputs=videos, checkpoint=CHECKPOINT, out=tmp_path / "here", device="cpu")
    score(here, silent)
    for video in videos:
        name = f"{video.stem}.scores.npz"
        one, two = read_scores(tmp_path / "there" / name), read_scores(tmp_path / "here" / name)
        np.testing.assert_allclose(one.score, two.score, atol=1e-6)
        assert one.meta == two.meta
    again = score_on_cluster(request, cluster, silent)
    assert (again["scored"], again["skipped"]) == (0, 3)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_an_interrupted_run_goes_on_where_it_was(address: str, tmp_path: Path) -> None:
    for number in range(4):
        film(tmp_path / "videos" / f"v{number}.mp4", 60 + number, first=50 * number)
    cluster = ClusterConfig(address=address)
    common: dict = {"clip": "demo", "config": CONFIG, "device": "cpu", "cluster": cluster}

    def interrupt(event: Event) -> None:
        if isinstance(event, Artifact):
            raise Cancelled

    with pytest.raises(Cancelled):
        extract_on_cluster([tmp_path / "videos"], out=tmp_path / "out", report=interrupt, **common)
    again = extract_on_cluster([tmp_path / "videos"], out=tmp_path / "out", report=silent, **common)
    assert len(again.skipped) == 1
    assert len(again.done) == 3


@pytest.mark.slow
def test_no_cluster_is_told_in_one_line(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra [cluster] is not installed")
    film(tmp_path / "v.mp4", 10)
    with pytest.raises(ConfigError, match="no Ray cluster"):
        extract_on_cluster(
            [tmp_path], out=tmp_path / "out", clip="demo", config=CONFIG, device="cpu",
            cluster=ClusterConfig(address="127.0.0.1:9"), report=silent,
        )  # fmt: skip


def test_a_failed_video_is_kept_apart_and_the_rest_written(tmp_path: Path) -> None:
    events: list[Event] = []
    writer = _Writer({".x": (tmp_path, "features")}, events.append)
    writer.take("good", TaskResult(files={".x": b"content"}))
    writer.take("bad", TaskResult(files={}, error="cut off"))
    assert (writer.done, writer.failed) == (["good"], {"bad": "cut off"})
    assert (tmp_path / "good.x").read_bytes() == b"content"
    assert [type(event) for event in events] == [Artifact, Message]


@pytest.mark.parametrize(
    ("gpus", "device", "have", "expected"),
    [(None, "auto", 8, 0.25), (None, "cpu", 8, 0), (None, "auto", 0, 0), (1.0, "auto", 8, 1.0)],
)
def test_a_task_declares_the_gpu_it_needs(gpus, device, have, expected) -> None:
    cluster = ClusterConfig(address="auto", gpus=gpus)
    assert _gpu_share(cluster, device, {"GPU": have} if have else {}) == expected


def test_impossible_resources_are_refused() -> None:
    with pytest.raises(ConfigError):
        ClusterConfig(address="auto", cpus=0)
