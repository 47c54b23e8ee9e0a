"""Where a text is found: what is written, what it is compared with, what cannot be asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.core.nn.small_clip import TEXT_ONLY, write_small_clip
from tests.core.run.footage import film
from tpwng_core.errors import CheckpointError, ConfigError, InputError, VideoError
from tpwng_core.events import Event, Message, silent
from tpwng_core.heatmap import read_heatmap
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.dense import READINGS, patch_similarity
from tpwng_core.run.heatmap import Heatmapper, HeatmapRequest, Query, match
from tpwng_core.run.preprocess import Preparation, normalise
from tpwng_core.run.query import encode_plain
from tpwng_core.video import VideoReader

DEMO = Path("assets/demo/miniature")
VIDEO = DEMO / "videos" / "test_fire_001.mp4"
CHECKPOINT = DEMO / "run" / "checkpoint.safetensors"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_clip(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def clip(small: Path) -> Clip:
    return load_clip(str(small))


@pytest.fixture
def request_(tmp_path: Path) -> HeatmapRequest:
    return HeatmapRequest(
        video=VIDEO, frame=100, category="fire", checkpoint=CHECKPOINT, out=tmp_path / "a.npz"
    )


def query_of(clip: Clip, *texts: str) -> Query:
    rows = np.stack([encode_plain(clip, text) for text in (*texts, "normal")])
    return Query.of(rows, texts, clip)


@pytest.mark.parametrize("reading", ["tokens", "values"])
def test_the_contrast_is_a_difference_of_cosines(clip: Clip, reading: str) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (64, 96, 3), dtype=np.uint8)
    query, plain = query_of(clip, "fire"), query_of(clip, "fire", "normal")
    image = normalise(Preparation.of(clip, "center").apply(picture), clip, torch.float32)
    cosine = patch_similarity(clip, image, plain.rows, reading).numpy()  # type: ignore[arg-type]
    found = match(clip, picture, query, reading, contrast=True)  # type: ignore[arg-type]
    assert np.allclose(found, cosine[0] - cosine[1], atol=1e-6)
    alone = match(clip, picture, query, reading)  # type: ignore[arg-type]
    assert np.allclose(alone, cosine[0], atol=1e-6)


@pytest.mark.parametrize("reading", READINGS)
def test_each_patch_shows_the_best_of_several_texts(clip: Clip, reading: str) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    one, other, both = (
        match(clip, picture, query_of(clip, *texts), reading)  # type: ignore[arg-type]
        for texts in (["fire"], ["a fight"], ["fire", "a fight"])
    )
    assert np.allclose(both, np.maximum(one, other), atol=1e-6)


def test_a_map_says_what_it_covers(request_: HeatmapRequest) -> None:
    summary = Heatmapper().heatmap(request_, silent)
    found = read_heatmap(request_.out)
    assert found.grid.shape == (8, 8)
    assert (found.grid.min(), found.grid.max()) == (0, 1)
    assert found.size == (192, 144)
    left, top, right, bottom = found.box
    assert (top, bottom) == (0, 144)
    assert left + right == pytest.approx(192, abs=2.5)
    assert right - left == pytest.approx(144, abs=1)
    assert summary["texts"] == found.meta["texts"] == ["fire"]
    assert found.meta["frame"] == 100
    assert found.meta["high"] > found.meta["low"]


@pytest.mark.parametrize(("height", "width"), [(144, 192), (192, 144), (1080, 1920), (64, 64)])
def test_the_box_is_what_the_tower_sees(height: int, width: int) -> None:
    preparation = Preparation(size=64, interpolation="bilinear", crop="center")
    left, top, right, bottom = preparation.covered(height, width)
    assert right - left == pytest.approx(bottom - top, rel=0.02)
    assert right - left == pytest.approx(min(height, width), rel=0.02)
    ramp = np.broadcast_to(np.linspace(0, 255, width), (height, width))
    picture = np.repeat(ramp[..., None], 3, axis=2).astype(np.uint8)
    seen = preparation.apply(picture)[0, 0, 32].float().numpy()
    scale = (width - 1) / 255
    assert seen[0] * scale == pytest.approx(left, abs=0.02 * width)
    assert seen[-1] * scale == pytest.approx(right, abs=0.02 * width)


def test_it_is_exactly_the_frame_asked_for(request_: HeatmapRequest, clip: Clip) -> None:
    heatmapper = Heatmapper()
    demo = load_clip("demo")
    query = query_of(demo, "fire")
    asked = replace(request_, category=None, text="fire", checkpoint=None, clip="demo")
    for frame in (7, 200, 6):
        heatmapper.heatmap(replace(asked, frame=frame), silent)
        with VideoReader(VIDEO) as reader:
            values = match(demo, reader.frame(frame), query)
        assert read_heatmap(request_.out).meta["high"] == pytest.approx(float(values.max()))
    heatmapper.close()


def test_words_and_categories_go_through_the_learned_prompts(request_: HeatmapRequest) -> None:
    def highest(**changes: object) -> float:
        heatmapper.heatmap(replace(request_, **changes), silent)  # type: ignore[arg-type]
        return float(read_heatmap(request_.out).meta["high"])

    heatmapper = Heatmapper()
    by_id, by_name = highest(), highest(category=None, text="Fire")
    assert by_name == by_id
    learned = highest(category=None, text="a burning car")
    plain = highest(category=None, text="a burning car", checkpoint=None, clip="demo")
    assert len({by_id, learned, plain}) == 3
    heatmapper.close()


def test_a_picture_shows_the_frame_and_says_what_it_is(request_: HeatmapRequest) -> None:
    out = request_.out.with_suffix(".png")
    Heatmapper().heatmap(replace(request_, out=out), silent)
    with Image.open(out) as picture:
        assert picture.width == 192 * 3
        assert picture.height > 144 * 3


def test_words_the_clip_never_saw_are_told(request_: HeatmapRequest) -> None:
    said: list[Event] = []
    asked = replace(request_, category=None, text="a purple unicorn")
    summary = Heatmapper().heatmap(asked, said.append)
    assert summary["unknown_words"] == ["purple", "unicorn"]
    assert any(isinstance(event, Message) and "unicorn" in event.text for event in said)


def test_a_clip_that_cannot_see_says_so(request_: HeatmapRequest, tmp_path: Path) -> None:
    blind = write_small_clip(tmp_path / "blind", model=TEXT_ONLY)
    asked = replace(request_, category=None, text="fire", checkpoint=None, clip=str(blind))
    with pytest.raises(ConfigError, match="no image tower"):
        Heatmapper().heatmap(asked, silent)


def test_a_run_on_features_without_pictures_says_so(
    request_: HeatmapRequest, run_folder: Path
) -> None:
    asked = replace(request_, category="Arson", checkpoint=run_folder / "checkpoint.safetensors")
    with pytest.raises(ConfigError, match="no image tower"):
        Heatmapper().heatmap(asked, silent)


def test_another_clip_than_the_checkpoints_is_refused(
    request_: HeatmapRequest, small: Path
) -> None:
    with pytest.raises(CheckpointError, match="was trained with CLIP"):
        Heatmapper().heatmap(replace(request_, clip=str(small)), silent)


def test_another_video_is_opened_and_a_replaced_one_anew(
    request_: HeatmapRequest, tmp_path: Path
) -> None:
    heatmapper = Heatmapper()
    heatmapper.heatmap(request_, silent)
    path = film(tmp_path / "other.mp4", 30)
    heatmapper.heatmap(replace(request_, video=path, frame=29), silent)
    film(path, 40, width=64)
    heatmapper.heatmap(replace(request_, video=path, frame=39), silent)
    assert read_heatmap(request_.out).size == (64, 64)
    heatmapper.close()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"category": None}, "--category or --text"),
        ({"text": "fire"}, "--category or --text"),
        ({"category": None, "text": "?!"}, "no words in"),
        ({"checkpoint": None}, "--checkpoint or --clip"),
        ({"checkpoint": None, "clip": "demo"}, "needs a --checkpoint"),
        ({"reading": "tokenz"}, "no reading 'tokenz'"),
        ({"category": None, "text": "normal", "contrast": True}, "no contrast with itself"),
        ({"out": Path("a.jpg")}, "cannot be written to a.jpg"),
    ],
)
def test_what_cannot_be_asked(request_: HeatmapRequest, changes: dict, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        replace(request_, **changes)


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"category": "smoke"}, ConfigError, "no category 'smoke'"),
        ({"category": "normal"}, ConfigError, "no category to look for"),
        ({"frame": 99_999}, VideoError, "has no frame 99999"),
        ({"video": Path("none.mp4")}, InputError, "none.mp4"),
    ],
)
def test_what_is_not_there(
    request_: HeatmapRequest, changes: dict, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        Heatmapper().heatmap(replace(request_, **changes), silent)
