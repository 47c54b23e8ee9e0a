from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.core.report.pages import PageReader
from tpwng_core.report import html
from tpwng_core.report.curves import VideoCurves
from tpwng_core.report.videos import video_blocks


def opened(videos: list[VideoCurves], num_open: int) -> list[int]:
    markup = html.join(*video_blocks(videos, num_open=num_open))
    states = ["open" in attributes for attributes in PageReader(markup).named("details")]
    return [place for place, state in enumerate(states[1:]) if state]


def small(make: Callable[..., VideoCurves], name: str, normal: bool) -> VideoCurves:
    parts = ("snippet_start", "s_normal", "s_abnormal", "psi", "pseudo_label", "theta", "score")
    kind: dict[str, Any] = {"categories": ()} if normal else {}
    return make(video=name, thumbnails=(), **dict.fromkeys(parts), **kind)


def test_the_first_of_each_kind_are_open_in_equal_number(make):
    videos = [small(make, f"v{place}", normal=place >= 3) for place in range(6)]
    assert opened(videos, 2) == [0, 3]
    assert opened(videos, 4) == [0, 1, 3, 4]


def test_where_one_kind_is_short_the_other_fills_up(make):
    videos = [small(make, f"v{place}", normal=place == 0) for place in range(4)]
    assert opened(videos, 3) == [0, 1, 2]
    assert opened(videos[:1], 6) == [0]


def test_every_video_is_there_and_reported(make):
    videos = [small(make, f"video <{place}>", normal=False) for place in range(3)]
    done = []
    blocks = video_blocks(videos, on_figure=lambda: done.append(1))
    reader = PageReader(html.join(*blocks))
    assert len(done) == 3
    assert len(reader.named("svg")) == 3
    assert all(f"video <{place}>" in reader.text for place in range(3))


def test_no_videos_is_said(make):
    assert "no videos" in video_blocks([])[0]
