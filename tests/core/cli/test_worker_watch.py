"""A watch in the worker: what it says while it scores, and that it ends at once when it waits."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.core.cli.driving import Driver
from tests.core.run.live_footage import trained
from tests.core.video.test_live import record


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("causal"), causal=True)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("recording"))


@pytest.mark.slow
def test_a_watch_is_stopped_while_its_source_is_silent(
    checkpoint: Path, recording: Path, tmp_path: Path
) -> None:
    """The peer sends a recording and then holds the line without a word."""
    log, pictures = tmp_path / "alarms.jsonl", tmp_path / "pictures"
    with Driver() as driver, socket.create_server(("127.0.0.1", 0)) as server:
        driver.run(
            1, "watch", source=f"tcp://127.0.0.1:{server.getsockname()[1]}",
            checkpoint=checkpoint, out=log, pictures=pictures, device="cpu",
            threshold=0.01, release=0.0, patience=60,
        )  # fmt: skip
        peer, _ = server.accept()
        with peer:
            peer.sendall(recording.read_bytes())
            metric = driver.first("metric")
            assert metric["values"]["alarm"] == 1
            assert metric["values"]["lag_s"] >= 0
            time.sleep(3)  # everything that came is scored; the watch waits
            driver.say({"id": 2, "stop": 1})
            asked_s = time.monotonic()
            summary = driver.answer(1)["summary"]
            assert time.monotonic() - asked_s < 2
    assert summary["stopped"] is True
    assert summary["alarms"] == 1
    assert log.read_text().splitlines()[-1].startswith('{"event": "end"')
    assert (pictures / "latest.jpg").is_file()
