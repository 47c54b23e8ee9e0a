"""Chosen frames in one pass, and what stands in for a frame that is not there."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.core.video.rendering import read
from tpwng_core.errors import VideoError
from tpwng_core.video import index_video, sample_frames


def test_chosen_frames_come_in_order(plain):
    sampler = sample_frames(plain, index_video(plain), np.arange(8, 80, 16))
    assert len(sampler) == 5
    assert [(number, read(picture)) for number, picture in sampler] == [
        (number, number) for number in (8, 24, 40, 56, 72)
    ]
    assert sampler.report.is_clean
    assert sampler.report.num_sampled == 5


def test_a_frame_may_be_asked_for_twice_and_none_is_fine(plain):
    index = index_video(plain)
    assert [read(picture) for _, picture in sample_frames(plain, index, [4, 4, 9])] == [4, 4, 9]
    assert list(sample_frames(plain, index, [])) == []


def test_numbers_outside_or_out_of_order_are_refused(plain):
    index = index_video(plain)
    with pytest.raises(VideoError, match="it has frames 0 to 79"):
        sample_frames(plain, index, [0, 80])
    with pytest.raises(VideoError, match="it has frames 0 to 79"):
        sample_frames(plain, index, [-1, 3])
    with pytest.raises(VideoError, match="do not ascend"):
        sample_frames(plain, index, [5, 3])


def test_a_lost_frame_is_replaced_by_the_nearest_earlier_one_and_counted(plain):
    index = index_video(plain)
    # an index with three frames that the file does not give: before, within and after the others
    step = int(index.pts[1] - index.pts[0])
    pts = np.concatenate([[-step], index.pts[:10], index.pts[9:10] + 1, index.pts[10:], [10**9]])
    wrong = dataclasses.replace(
        index,
        pts=pts.astype(np.int64),
        keyframe=np.zeros(len(pts), np.bool_),
        packet_crc=np.full(len(pts), -1),
    )
    sampler = sample_frames(plain, wrong, range(83))
    said = [read(picture) for _, picture in sampler]
    assert said == [0, *range(10), 9, *range(10, 80), 79]
    assert sampler.report.concealed == [0, 11, 82]
    assert sampler.report.to_json()["num_concealed"] == 3
    assert not sampler.report.is_clean


def test_frames_the_index_does_not_know_are_passed_over_and_counted(plain):
    index = index_video(plain)
    keep = np.arange(80) != 7
    wrong = dataclasses.replace(
        index,
        pts=index.pts[keep],
        keyframe=index.keyframe[keep],
        packet_crc=index.packet_crc[keep],
    )
    sampler = sample_frames(plain, wrong, range(79))
    assert [read(picture) for _, picture in sampler] == [n for n in range(80) if n != 7]
    assert sampler.report.num_unknown == 1


def test_a_file_that_changed_to_something_else_is_an_error(plain, tmp_path):
    path = tmp_path / "gone.mp4"
    path.write_bytes(plain.read_bytes())
    index = index_video(path)
    path.write_text("no video any more")
    with pytest.raises(VideoError, match=r"gone\.mp4"):
        list(sample_frames(path, index, [0]))
