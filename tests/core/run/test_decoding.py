from __future__ import annotations

import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest
import torch

from tests.core.run.footage import film
from tpwng_core.run import decoding
from tpwng_core.run.decoding import DecodePool, Ended, Opened, Piece, Sampling, choose_num_workers
from tpwng_core.run.preprocess import Preparation
from tpwng_core.video import VideoFile

SAMPLING = Sampling(
    stride=2,
    frames_per_snippet=1,
    preparation=Preparation(size=32, interpolation="bicubic", crop="center"),
)


@pytest.fixture
def videos(tmp_path: Path) -> list[VideoFile]:
    lengths = {"a": 90, "b": 5, "c": 70}
    return [
        VideoFile(video_id=name, path=film(tmp_path / f"{name}.mp4", count))
        for name, count in lengths.items()
    ]


def decode_threads() -> int:
    return sum(thread.name.startswith("decode") for thread in threading.enumerate())


@pytest.mark.parametrize("num_workers", [1, 3])
def test_every_video_is_opened_sent_in_order_and_ended(videos, num_workers: int):
    seen: dict[str, list] = defaultdict(list)
    with DecodePool(videos, SAMPLING, num_workers, ahead=32) as pool:
        for message in pool:
            seen[message.video.video_id].append(message)
    assert {name: len(messages) for name, messages in seen.items()} == {"a": 5, "b": 3, "c": 5}
    for messages in seen.values():
        opened, *pieces, ended = messages
        assert isinstance(opened, Opened)
        assert isinstance(ended, Ended)
        assert ended.report is not None
        first = 0
        for piece in pieces:
            assert isinstance(piece, Piece)
            assert piece.first == first
            assert piece.pixels.dtype == torch.uint8
            assert piece.pixels.shape[1:] == (1, 3, 32, 32)
            first += len(piece.pixels)
        assert first == ended.report.num_sampled == -(-opened.index.num_frames // 2)
    assert min(pool.seconds.by_stage.values()) > 0


def test_a_video_that_fails_ends_with_its_error_and_the_others_go_on(tmp_path: Path, videos):
    bad = VideoFile(video_id="bad", path=tmp_path / "bad.mp4")
    bad.path.write_text("not a video")
    with DecodePool([bad, *videos], SAMPLING, 2, ahead=32) as pool:
        ended = {m.video.video_id: m for m in pool if isinstance(m, Ended)}
    assert ended["bad"].error is not None
    assert [ended[name].error for name in "abc"] == [None, None, None]


def test_no_more_than_allowed_waits_for_the_encoder(videos):
    with DecodePool(videos, SAMPLING, 1, ahead=32) as pool:
        time.sleep(0.5)
        waiting = list(pool._queue.queue)
        assert len(waiting) <= 2
    assert decode_threads() == 0


def test_leaving_early_stops_the_threads_at_once(videos):
    start_s = time.monotonic()
    with DecodePool(videos, SAMPLING, 3, ahead=16) as pool:
        next(iter(pool))
    assert time.monotonic() - start_s < 5
    assert decode_threads() == 0


def test_a_defect_in_a_thread_is_raised_and_not_waited_for(videos, monkeypatch):
    def broken(path: Path):
        raise ZeroDivisionError("defect")

    monkeypatch.setattr(decoding, "index_video", broken)
    with pytest.raises(ZeroDivisionError), DecodePool(videos, SAMPLING, 1, ahead=16) as pool:
        list(pool)


def test_threads_follow_the_processors_and_the_videos(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(6)), raising=False)
    assert [choose_num_workers(count) for count in (0, 1, 4, 100)] == [1, 1, 4, 6]
