"""What is shown before the exact frame, beside damage, and what is decoded ahead of time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tests.core.video.rendering import Flavour, read, render
from tests.studio.watching import pixels
from tpwng_core.video import VideoReader, write_video
from tpwng_studio.playing import decode_work as room
from tpwng_studio.playing.decode_work import DecodeWork, Order, Outlet, Shown, to_image
from tpwng_studio.playing.mailbox import Mailbox

LONG = Flavour(name="long", suffix=".mp4", codec="libx264", options={"g": "100"}, num_frames=250)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return render(LONG, tmp_path_factory.mktemp("films"))


class Bench:
    """The work without its thread: each order is obeyed to its end."""

    def __init__(self, path, *, cache_bytes=64 << 20, slow=True):
        self.pictures: list[Shown] = []
        self.said: list[object] = []
        self._mailbox: Mailbox[Order] = Mailbox()
        outlet = Outlet(
            show=lambda _, shown: self.pictures.append(shown),
            say=lambda _, said: self.said.append(said),
        )
        self.work = DecodeWork(self._mailbox, outlet, cache_bytes=cache_bytes, num_threads=1)
        # every frame seems to take a tenth of a second, or none
        setattr(self.work, "_measure", lambda before_s: before_s)  # noqa: B010
        self.work._seconds_per_frame = 0.1 if slow else 0.0
        self._path = path

    def ask(self, frame, *, look_around=True):
        """The pictures shown for a frame."""
        self.pictures.clear()
        if self.work._obey(Order(video=1, path=self._path, frame=frame)) and look_around:
            for _ in self.work._spare_work:
                pass
        return [(shown.frame, shown.is_approximate) for shown in self.pictures]

    @property
    def reader(self) -> VideoReader:
        assert self.work._reader is not None
        return self.work._reader


def test_a_far_frame_is_preceded_by_its_keyframe(film):
    assert Bench(film).ask(160) == [(100, True), (160, False)]


def test_a_frame_that_is_soon_there_has_no_forerunner(film):
    assert Bench(film, slow=False).ask(160) == [(160, False)]


def test_a_cached_frame_nearer_than_the_keyframe_is_the_forerunner(film):
    # room for some 20 frames, so that those about 120 are gone when 190 is shown
    bench = Bench(film, cache_bytes=20 * 128 * 96 * 3 // 2)
    bench.ask(190, look_around=False)
    assert bench.ask(130, look_around=False) == [(100, True), (130, False)]
    bench.ask(190, look_around=False)
    assert bench.ask(160, look_around=False) == [(171, True), (160, False)]


def test_pictures_are_what_they_say(film):
    bench = Bench(film)
    for frame in (160, 20, 249, 0):
        bench.ask(frame)
        assert [read(pixels(shown.image)) for shown in bench.pictures] == [
            shown.frame for shown in bench.pictures
        ]
        assert all(shown.wanted == frame for shown in bench.pictures)


def test_the_same_picture_again_is_not_converted_again(film):
    bench = Bench(film)
    bench.ask(160)
    before = bench.pictures[-1].image.cacheKey()
    assert bench.ask(160) == [(160, False)]
    assert bench.pictures[-1].image.cacheKey() == before


def test_the_next_frames_are_there_before_they_are_wanted(film):
    bench = Bench(film)
    bench.ask(120)
    assert all(bench.reader.is_cached(frame) for frame in range(100, 160))
    assert not bench.reader.is_cached(200)


def test_going_back_decodes_the_group_before(film):
    bench = Bench(film)
    bench.ask(105)
    assert not bench.reader.is_cached(99)
    bench.ask(104)
    assert all(bench.reader.is_cached(frame) for frame in range(81, 105))


def test_looking_ahead_ends_where_the_memory_ends(film):
    bench = Bench(film, cache_bytes=10 * 128 * 96 * 3 // 2)
    bench.ask(120)
    assert bench.reader.is_cached(120)
    assert bench.reader.is_cached(122)


def _damaged(film, folder):
    content = bytearray(film.read_bytes())
    start = content.index(b"mdat")
    middle = start + (content.index(b"moov") - start) // 2
    content[middle : middle + 400] = bytes(400)
    path = folder / "damaged.mp4"
    path.write_bytes(content)
    return path


def test_damage_is_shown_on_the_picture(film, tmp_path):
    bench = Bench(_damaged(film, tmp_path), slow=False)
    faults = {}
    for frame in range(100, 150):
        bench.ask(frame)
        if bench.pictures:
            faults[frame] = bench.pictures[-1].fault
    assert "damaged" in faults.values()
    assert faults[100] == ""


def test_a_frame_that_cannot_be_decoded_is_shown_as_missing(film, monkeypatch):
    bench = Bench(film, slow=False)
    bench.ask(30)
    approach = VideoReader.approach

    def lacking(reader, number, **options):
        for found in approach(reader, number, **options):
            if found.number == 31:
                continue
            yield found
        if number == 31:
            approach(reader, -1).__next__()

    monkeypatch.setattr(VideoReader, "approach", lacking)
    bench.ask(31)
    shown = bench.pictures[-1]
    assert (shown.fault, shown.wanted, shown.is_approximate) == ("missing", 31, True)
    assert shown.note
    assert read(pixels(shown.image)) == shown.frame


def test_a_file_that_vanishes_is_told_and_what_is_open_goes_on(film, tmp_path):
    path = tmp_path / "gone.mp4"
    path.write_bytes(film.read_bytes())
    bench = Bench(path, cache_bytes=0, slow=False)
    bench.ask(200, look_around=False)
    path.unlink()
    assert bench.ask(201, look_around=False) == [(201, False)]
    bench.reader._decoder.can_seek = False  # as in a file without times, which is opened again
    assert bench.ask(0, look_around=False) == []
    assert "gone.mp4" in str(bench.said[-1])
    bench.reader._decoder.can_seek = True
    assert bench.ask(150, look_around=False) == [(150, False)]


@pytest.mark.parametrize("width", [2, 18, 46, 130, 354, 372])
def test_every_pixel_is_of_the_video_at_any_width(tmp_path, width):
    random = np.random.default_rng(0)
    picture = np.kron(random.integers(256, size=(17, width // 2, 1)), np.ones((2, 2, 3)))
    write_video(tmp_path / "a.mp4", [picture.astype(np.uint8)] * 2, Fraction(10), crf=1)
    with VideoReader(tmp_path / "a.mp4") as reader:
        expected = reader.frame(1)
        image = to_image(reader.frame(1))
    assert np.array_equal(pixels(image), expected)
    assert np.abs(pixels(image).astype(int) - picture).mean() < 5


def test_an_index_is_made_once_for_an_unchanged_file(film, tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(film.read_bytes())
    bench = Bench(path)
    first, again = bench.work._index(path), bench.work._index(path)
    assert again is first
    path.write_bytes(film.read_bytes() + b"\0" * 64)
    assert bench.work._index(path) is not first


def test_indices_are_kept_within_bounds(film, tmp_path, monkeypatch):
    monkeypatch.setattr(room, "_MAX_INDEXED_FRAMES", 600)
    bench = Bench(film)
    paths = []
    for number in range(4):
        paths.append(tmp_path / f"{number}.mp4")
        paths[-1].write_bytes(film.read_bytes())
        bench.work._index(paths[-1])
    assert [key[0] for key in bench.work._indices] == paths[2:]
