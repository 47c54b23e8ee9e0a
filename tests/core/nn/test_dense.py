"""The image tower read patch by patch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from tpwng_core.errors import ConfigError
from tpwng_core.nn.clip import Clip, build_model, load_clip
from tpwng_core.nn.clip_folder import ClipSource, write_clip_folder
from tpwng_core.nn.dense import READINGS, _tower_of, grid_size, patch_similarity

TEXT = {"context_length": 8, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1}
VISION = {
    "transformer": {"layers": 2, "width": 32, "head_width": 16, "patch_size": 8, "image_size": 56},
    "resnet": {"layers": [1, 1, 1, 1], "width": 8, "image_size": 64},
}


@pytest.fixture(scope="module", params=sorted(VISION))
def clip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Clip:
    torch.manual_seed(0)
    model = {
        "embed_dim": 24, "quick_gelu": False, "text_cfg": TEXT, "vision_cfg": VISION[request.param]
    }  # fmt: skip
    folder = tmp_path_factory.mktemp(request.param)
    source = ClipSource(name="tiny", model=model)
    write_clip_folder(folder, source, build_model(model).state_dict())
    return load_clip(str(folder))


@pytest.fixture
def image(clip: Clip) -> torch.Tensor:
    return torch.randn(1, 3, clip.image_size, clip.image_size, generator=torch.manual_seed(1))


def test_the_cut_tower_is_the_whole_one(clip: Clip, image: torch.Tensor) -> None:
    tower = _tower_of(clip)
    with torch.no_grad():
        again = tower.pool(tower.stem(image))
    torch.testing.assert_close(again, clip.encode_images(image), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("reading", READINGS)
def test_every_patch_has_a_value_for_every_text(
    clip: Clip, image: torch.Tensor, reading: str
) -> None:
    text = torch.randn(3, clip.dim, generator=torch.manual_seed(2))
    found = patch_similarity(clip, image, text, reading)  # type: ignore[arg-type]
    side = grid_size(clip, reading)  # type: ignore[arg-type]
    assert found.shape == (3, side, side)
    assert found.isfinite().all()
    one = patch_similarity(clip, image, 7 * text[1:2], reading)  # type: ignore[arg-type]
    torch.testing.assert_close(one[0], found[1], atol=1e-5, rtol=1e-4)


def test_cosines_are_cosines(clip: Clip, image: torch.Tensor) -> None:
    text = torch.randn(2, clip.dim)
    for reading in ("tokens", "values"):
        assert patch_similarity(clip, image, text, reading).abs().max() <= 1 + 1e-5


def test_values_of_a_patch_speak_for_it_alone(clip: Clip, image: torch.Tensor) -> None:
    tower = _tower_of(clip)
    with torch.no_grad():
        context = tower.stem(image)
        changed = context.clone()
        changed[:, -1] += torch.randn(context.shape[-1])
        before, after = tower.values(context), tower.values(changed)
        mixed = (tower.tokens(context) - tower.tokens(changed)).abs().amax(dim=-1)
    moved = (before - after).abs().amax(dim=-1)[0] > 1e-6
    assert moved[-1]
    assert not moved[:-1].any()
    assert (mixed > 1e-7).all()  # while tokens hear of each other


def test_occlusion_is_the_fall_of_the_cosine(clip: Clip, image: torch.Tensor) -> None:
    text = torch.randn(1, clip.dim)
    found = patch_similarity(clip, image, text, "occlusion")[0]
    whole = F.cosine_similarity(clip.encode_images(image), text)
    step = clip.image_size // 8
    for row, column in ((0, 0), (3, 4), (7, 2)):
        hidden = image.clone()
        for y in range(clip.image_size):
            for x in range(clip.image_size):
                if abs(y // step - row) <= 1 and abs(x // step - column) <= 1:
                    hidden[..., y, x] = 0
        fall = whole - F.cosine_similarity(clip.encode_images(hidden), text)
        assert float(found[row, column]) == pytest.approx(float(fall), abs=1e-5)


def test_grad_cam_is_the_formula(clip: Clip, image: torch.Tensor) -> None:
    tower, text = _tower_of(clip), torch.randn(1, clip.dim)
    context = tower.stem(image).detach().requires_grad_(True)
    cosine = F.cosine_similarity(tower.pool(context), text).sum()
    cosine.backward()
    assert context.grad is not None
    rows, gradients = tower.patches(context.detach())[0], tower.patches(context.grad)[0]
    expected = [
        max(0.0, sum(float(gradients[:, w].mean() * row[w]) for w in range(rows.shape[1])))
        for row in rows
    ]
    found = patch_similarity(clip, image, text, "gradient").flatten()
    torch.testing.assert_close(found, torch.tensor(expected), atol=1e-5, rtol=1e-3)


def test_gradients_reach_no_parameter(clip: Clip, image: torch.Tensor) -> None:
    patch_similarity(clip, image, torch.randn(1, clip.dim), "gradient")
    assert all(value.grad is None for value in clip.image_tower().parameters())


def test_what_cannot_be_read_is_told(clip: Clip, image: torch.Tensor) -> None:
    with pytest.raises(ConfigError, match="no reading"):
        patch_similarity(clip, image, torch.randn(1, clip.dim), "valeus")  # type: ignore[arg-type]
    other = replace(clip, visual=torch.nn.Linear(1, 1))
    with pytest.raises(ConfigError, match="patch by patch"):
        patch_similarity(other, image, torch.randn(1, clip.dim), "tokens")


@pytest.mark.slow
def test_the_papers_tower_can_be_read(tmp_path: Path) -> None:
    import open_clip

    config = open_clip.get_model_config("ViT-B-16-quickgelu")
    torch.manual_seed(0)
    full = {**config, "text_cfg": TEXT}
    write_clip_folder(tmp_path, ClipSource(name="b16", model=full), build_model(full).state_dict())
    clip = load_clip(str(tmp_path))
    picture = torch.randn(1, 3, 224, 224)
    for reading in READINGS:
        found = patch_similarity(clip, picture, torch.randn(1, 512), reading)
        side = 8 if reading == "occlusion" else 14
        assert found.shape == (1, side, side)
        assert found.isfinite().all()
