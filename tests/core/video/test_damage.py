"""Damaged files: no crash, no hang, no wrong frame unreported, no fewer frames than ffmpeg."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.video.flavours import FLAVOURS
from tests.core.video.fuzzing import damage
from tpwng_core.errors import InputError
from tpwng_core.video import health, index_video

ROOT = Path(__file__).resolve().parents[3]
BY_NAME = {flavour.name + flavour.suffix: flavour for flavour in FLAVOURS}
FUZZED = [
    "h264.mp4", "h264_open_gop.mkv", "h264_open_gop.ts", "h264.flv", "h264_raw.h264",
    "h264_b_frames.avi", "h264_edit_list.mp4", "h264_fragmented.mp4", "mpeg4_b_frames.avi",
    "mpeg2.mpg", "mpeg2.ts", "mjpeg.avi", "hevc.mp4", "vp9_alt_ref.webm", "wmv2.asf",
]  # fmt: skip
FUZZED_ODD = [
    "torchcodec_h265_video.mp4", "torchcodec_discard_first_keyframe.mp4", "decord_video_90.mov",
    "torchcodec_test_non_zero_start.mp4", "exoplayer_sample_h262_mpeg_audio.ps",
]  # fmt: skip
BATCH, NUM_BATCHES, BATCH_TIMEOUT_S = 60, 5, 240


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(NUM_BATCHES))
def test_damaged_copies_are_read_or_refused_without_harm(rendered, tmp_path, batch):
    files = [rendered(BY_NAME[name]) for name in FUZZED]
    _assert_harmless(_examine(batch * BATCH, tmp_path, files))


@pytest.mark.slow
def test_damaged_copies_of_odd_files_are_read_or_refused_without_harm(real_data, tmp_path):
    files = [real_data / "odd" / name for name in FUZZED_ODD]
    _assert_harmless(_examine(0, tmp_path, files))


def _assert_harmless(outcomes: list[dict[str, Any]]) -> None:
    assert len(outcomes) == BATCH
    for outcome in outcomes:
        if outcome["outcome"] == "refused":
            assert outcome["message"]
            assert outcome["hint"]
            continue
        # a flipped bit can turn one valid frame into another, which no decoder can notice
        if outcome["kind"] == "flip_bits":
            continue
        assert not outcome["differing"], outcome
        # a packet lost whole leaves no trace but a gap in times that were even
        assert outcome["has_gap"] or not outcome["wrong"], outcome


def _examine(first: int, folder: Path, files: list[Path]) -> list[dict[str, Any]]:
    """What became of ``BATCH`` damaged copies; in a child process, since decoders may crash."""
    module = "tests.core.video.fuzzing"
    command = [sys.executable, "-m", module, str(first), str(BATCH), str(folder), *map(str, files)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, check=False,
        stdin=subprocess.DEVNULL, timeout=BATCH_TIMEOUT_S,
    )  # fmt: skip
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"{said[-1:]} {done.stderr[-2000:]}"
    return [line for line in said if line["outcome"] != "begun"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["h264.mp4", "h264_open_gop.mkv", "h264_open_gop.ts", "h264.flv", "mpeg4.avi", "mpeg2.ts"],
)
def test_as_many_frames_are_had_as_the_ffmpeg_program_recovers(rendered, tmp_path, name):
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("the ffmpeg program is not installed")
    content = rendered(BY_NAME[name]).read_bytes()
    path = tmp_path / name
    for seed in range(12):
        kind, damaged = damage(content, np.random.default_rng(seed))
        path.write_bytes(damaged)
        assert _num_readable(path) >= _num_recovered(program, path), f"seed {seed}: {kind}"


def _num_readable(path: Path) -> int:
    try:
        index = index_video(path)
    except InputError:
        return 0
    decoded = health(path, decode=True, index=index).decoded
    assert decoded is not None
    return index.num_frames - decoded.num_missing


def _num_recovered(program: str, path: Path) -> int:
    command = [
        program, "-v", "quiet", "-nostdin", "-i", str(path), "-map", "0:v:0",
        "-vsync", "passthrough", "-f", "framemd5", "-",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return sum(not line.startswith("#") for line in done.stdout.splitlines())
