"""Run in a child process by ``test_damage.py``: reads damaged copies of videos, one JSON line each.

Usage: ``python -m tests.core.video.fuzzing FIRST COUNT FOLDER FILE...``. A line says what became
of one copy: refused, or read, and whether a frame was wrong without a report.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.core.video.rendering import HEIGHT, WIDTH, draw, read
from tpwng_core.errors import InputError, VideoError
from tpwng_core.video import VideoIndex, VideoReader, health, index_video, sample_frames

# a lost piece moves the times of all that follows, in every player
_COUNTED = frozenset({".avi", ".mpg", ".ps"})


def damage(content: bytes, rng: np.random.Generator) -> tuple[str, bytes]:
    """A kind of damage, and ``content`` with it."""
    kinds = [_truncate, _flip_bits, _zero, _splice, _break_header, _drop, _repeat]
    kind = kinds[int(rng.integers(len(kinds)))]
    return kind.__name__.strip("_"), kind(content, rng)


def _truncate(content: bytes, rng: np.random.Generator) -> bytes:
    return content[: int(rng.integers(len(content)))]


def _flip_bits(content: bytes, rng: np.random.Generator) -> bytes:
    damaged = bytearray(content)
    for place in rng.integers(len(content), size=int(rng.integers(1, 30))):
        damaged[place] ^= 1 << int(rng.integers(8))
    return bytes(damaged)


def _zero(content: bytes, rng: np.random.Generator) -> bytes:
    start, length = int(rng.integers(len(content))), int(rng.integers(1, 600))
    return content[:start] + bytes(min(length, len(content) - start)) + content[start + length :]


def _splice(content: bytes, rng: np.random.Generator) -> bytes:
    source, target, length = (int(value) for value in rng.integers(len(content), size=3))
    piece = content[source : source + length % 2000]
    return content[:target] + piece + content[target + len(piece) :]


def _break_header(content: bytes, rng: np.random.Generator) -> bytes:
    damaged = bytearray(content)
    for place in rng.integers(min(600, len(content)), size=4):
        damaged[place] = int(rng.integers(256))
    return bytes(damaged)


def _drop(content: bytes, rng: np.random.Generator) -> bytes:
    start = int(rng.integers(len(content)))
    return content[:start] + content[start + int(rng.integers(1, 1500)) :]


def _repeat(content: bytes, rng: np.random.Generator) -> bytes:
    start, end = sorted(int(value) for value in rng.integers(len(content), size=2))
    return content[:end] + content[start:]


def examine(path: Path, times: dict[float, int]) -> dict[str, Any]:
    """Read a damaged file in every way.

    Args:
        path: the file.
        times: the number that the undamaged file shows at each time in seconds; empty where its
            frames say no number.
    """
    index = index_video(path)
    numbers = np.arange(min(index.num_frames, 200))
    sampler = sample_frames(path, index, numbers)
    sampled = dict(sampler)
    assert list(sampled) == numbers.tolist()
    found = health(path, decode=index.num_frames < 500, index=index)
    json.dumps(found.to_json())
    reported = {*sampler.report.concealed, *sampler.report.damaged}
    wrong = [
        number
        for number, picture in sampled.items()
        if number not in reported and _is_wrong(index, number, picture, times)
    ]
    differing, num_errors = _compare(path, index, sampled, reported)
    return {
        "outcome": "read",
        "num_frames": index.num_frames,
        "num_reported": len(reported),
        "num_errors": num_errors,
        "has_gap": index.vfr,
        "wrong": wrong,
        "differing": differing,
    }


def _compare(
    path: Path, index: VideoIndex, sampled: dict[int, np.ndarray], reported: set[int]
) -> tuple[list[int], int]:
    """Frames that random access shows otherwise than the pass, neither of them reporting it."""
    differing, num_errors = [], 0
    with VideoReader(path, index, cache_bytes=1) as reader:
        for number in np.random.default_rng(0).permutation(list(sampled))[:12].tolist():
            try:
                picture = reader.frame(number)
                is_damaged = reader.is_damaged(number)
            except VideoError:
                num_errors += 1
                continue
            if number in reported or is_damaged:
                continue
            if _says_something_else(picture, sampled[number]):
                differing.append(number)
    return differing, num_errors


def _is_wrong(index: VideoIndex, number: int, picture: np.ndarray, times: dict[float, int]) -> bool:
    """True where a sound-looking picture says another number than its time."""
    if not index.timed or picture.shape != (HEIGHT, WIDTH, 3):
        return False
    expected = times.get(round(float(index.pts[number] * index.time_base), 3))
    return expected is not None and _is_legible(picture) and read(picture) != expected


def _says_something_else(one: np.ndarray, two: np.ndarray) -> bool:
    """True where two sound-looking pictures say different numbers.

    Damage that the decoder does not notice leaves parts of a picture undefined: those differ.
    """
    if one.shape != (HEIGHT, WIDTH, 3) or one.shape != two.shape:
        return one.shape != two.shape
    return _is_legible(one) and _is_legible(two) and read(one) != read(two)


def _is_legible(picture: np.ndarray) -> bool:
    return bool(np.abs(picture.astype(int) - draw(read(picture))).mean() < 6)


def _times(path: Path) -> dict[float, int]:
    """Number by time; empty for files whose readers count times instead of finding them."""
    index = index_video(path)
    if (index.width, index.height) != (WIDTH, HEIGHT) or path.suffix in _COUNTED:
        return {}
    return {
        round(float(pts * index.time_base), 3): read(picture)
        for pts, (_, picture) in zip(
            index.pts.tolist(), sample_frames(path, index, range(index.num_frames)), strict=True
        )
    }


def main(first: int, count: int, folder: Path, files: list[Path]) -> None:
    """Examine ``count`` damaged copies, seeds from ``first`` on."""
    times = {path: _times(path) for path in files}
    for seed in range(first, first + count):
        rng = np.random.default_rng(seed)
        source = files[seed % len(files)]
        kind, content = damage(source.read_bytes(), rng)
        path = folder / f"damaged{source.suffix}"
        path.write_bytes(content)
        said: dict[str, Any] = {"seed": seed, "file": source.name, "kind": kind}
        print(json.dumps({**said, "outcome": "begun"}), flush=True)
        try:
            said.update(examine(path, times[source]))
        except InputError as error:
            said.update(outcome="refused", message=error.message, hint=error.hint)
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), [Path(a) for a in sys.argv[4:]])
