"""Our pixels are those of OpenCV, the field's usual reader, on real footage."""

from __future__ import annotations

import numpy as np
import pytest

from tpwng_core.video import index_video, sample_frames


@pytest.mark.parametrize(
    "name",
    [
        "clips/ucf_crime/Fighting033_x264.mp4",
        "odd/ucf_Normal_Videos_063_attached_pic.mp4",
        "odd/torchcodec_testsrc2_odd_width_vp9.mp4",
        "odd/exoplayer_sample_android_slow_motion.mp4",
        "odd/torchcodec_nasa_13013_rotated.mp4",
    ],
)
def test_pixels_equal_opencvs(real_data, name):
    cv2 = pytest.importorskip("cv2")
    path = real_data / name
    index = index_video(path)
    wanted = list(range(0, min(index.num_frames, 60), 3))
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    theirs = []
    for number in range(wanted[-1] + 1):
        assert capture.grab()
        if number in wanted:
            theirs.append(capture.retrieve()[1][..., ::-1])
    capture.release()
    for (number, picture), expected in zip(sample_frames(path, index, wanted), theirs, strict=True):
        assert np.array_equal(picture, expected), f"frame {number}"
