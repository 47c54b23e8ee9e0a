"""What is odd about a file is said in plain values."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np

from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import draw
from tpwng_core.video import health, write_video

BY_NAME = {flavour.name + flavour.suffix: flavour for flavour in FLAVOURS}


def test_a_plain_file_has_no_warnings(plain):
    found = health(plain, decode=True)
    assert found.warnings == ()
    assert (found.num_frames, found.container_frames, found.fps) == (80, 80, "25/1")
    assert found.decoded is not None
    assert found.decoded.corrupt_spans == ()
    assert found.decoded.num_repeated == 0
    assert json.loads(json.dumps(found.to_json()))["codec"] == "h264"


def test_frames_are_decoded_only_when_asked(plain):
    assert health(plain).decoded is None


def test_hidden_frames_are_not_lacking(rendered):
    found = health(rendered(BY_NAME["h264_edit_list.mp4"]))
    assert (found.num_frames, found.num_hidden, found.num_lacking) == (63, 17, 0)


def test_a_cut_off_file_says_how_much_it_lacks(rendered, tmp_path):
    whole = rendered(BY_NAME["mpeg4.avi"]).read_bytes()
    path = tmp_path / "cut.avi"
    path.write_bytes(whole[: len(whole) * 6 // 10])
    found = health(path)
    assert found.num_lacking == 80 - found.num_frames > 0
    assert any("cut off" in warning for warning in found.warnings)


def test_uneven_frames_and_missing_times_are_said(rendered):
    uneven = health(rendered(BY_NAME["h264_vfr.mkv"]))
    assert uneven.vfr
    assert uneven.uneven_share > 0.1
    assert uneven.longest_gap_s > 0.2
    assert any("not evenly spaced" in warning for warning in uneven.warnings)
    raw = health(rendered(BY_NAME["h264_raw.h264"]))
    assert not raw.timed
    assert any("no usable times" in warning for warning in raw.warnings)


def test_a_frozen_picture_is_found(tmp_path):
    still = [draw(1)] * 40
    path = tmp_path / "still.mp4"
    write_video(path, [draw(0), *still, draw(2)], Fraction(5), crf=0)
    found = health(path, decode=True)
    assert found.decoded is not None
    assert found.decoded.longest_freeze_frames == 39
    assert any("stands still" in warning for warning in found.warnings)


def test_copies_have_one_fingerprint(plain, tmp_path):
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(plain.read_bytes())
    assert health(copy).fingerprint == health(plain).fingerprint


def test_damage_is_located(plain, tmp_path):
    content = bytearray(plain.read_bytes())
    start = content.index(b"mdat")
    middle = start + (content.index(b"moov") - start) // 2
    content[middle : middle + 150] = bytes(150)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    decoded = health(path, decode=True).decoded
    assert decoded is not None
    assert decoded.num_missing + decoded.num_damaged > 0
    inside = np.concatenate([np.arange(*span) for span in decoded.corrupt_spans])
    assert 10 < inside.min() <= inside.max() < 70
