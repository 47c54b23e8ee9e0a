from __future__ import annotations

import json
from pathlib import Path

import open_clip
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from tests.core.nn.small_clip import SMALL, TEXT_ONLY, make_model, write_small_clip
from tpwng_core.errors import ConfigError
from tpwng_core.nn.clip import Clip, build_model, load_clip
from tpwng_core.nn.clip_folder import ClipSource, write_clip_folder

TEXTS = ["a road accident", "normal", "people fighting in the street at night, seen from above"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def clip(folder: Path) -> Clip:
    return load_clip(str(folder))


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> str:
    """The small architecture under a name, as if open_clip knew it."""
    monkeypatch.setattr("open_clip.get_model_config", {"Small": SMALL}.get)
    return "Small"


def test_the_towers_give_what_open_clip_gives(clip: Clip):
    model = make_model()
    images = torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected_text = model.encode_text(open_clip.tokenize(TEXTS))
        expected_images = model.encode_image(images)
    torch.testing.assert_close(clip.text.encode_texts(TEXTS), expected_text, atol=1e-5, rtol=0)
    torch.testing.assert_close(clip.encode_images(images), expected_images, atol=1e-5, rtol=0)


def test_a_clip_says_what_it_is(clip: Clip):
    assert (clip.name, clip.activation, clip.dim) == ("small", "quick_gelu", 32)
    assert (clip.image_size, clip.context_length, clip.sim_scale) == (64, 77, 5.0)
    assert clip.mean == open_clip.OPENAI_DATASET_MEAN
    assert clip.std == open_clip.OPENAI_DATASET_STD
    assert clip.interpolation == "bicubic"


def test_everything_is_frozen(clip: Clip):
    clip.text.train()
    for tower in (clip.text, clip.image_tower()):
        assert not tower.training
        assert not any(value.requires_grad for value in tower.parameters())


def test_without_vision_only_the_text_tower_is_kept(folder: Path, clip: Clip):
    text_only = load_clip(str(folder), with_vision=False)
    assert text_only.visual is None
    assert text_only.weight_sha256 == clip.weight_sha256
    assert torch.equal(text_only.text.encode_texts(TEXTS), clip.text.encode_texts(TEXTS))
    with pytest.raises(ConfigError, match="no image tower"):
        text_only.encode_images(torch.zeros(1, 3, 64, 64))


def test_a_folder_may_hold_a_text_tower_alone(tmp_path: Path, clip: Clip):
    words = load_clip(str(write_small_clip(tmp_path, model=TEXT_ONLY)))
    assert words.visual is None
    assert torch.equal(words.text.encode_texts(TEXTS), clip.text.encode_texts(TEXTS))


def test_the_hash_is_of_the_weights_and_not_of_their_container(
    tmp_path: Path, folder: Path, clip: Clip, named: str
):
    state = make_model().state_dict()
    halves = {name: value.half() for name, value in state.items()}
    torch.save(state, tmp_path / "plain.pt")
    torch.save({"epoch": 3, "state_dict": state}, tmp_path / "wrapped.pt")
    torch.save({f"module.{k}": v for k, v in halves.items()}, tmp_path / "parallel.bin")
    save_file(state, tmp_path / "full.safetensors")
    for path in sorted(tmp_path.iterdir()):
        assert load_clip(f"{named}:{path}").weight_sha256 == clip.weight_sha256, path
    state["ln_final.bias"][0] += 1
    torch.save(state, tmp_path / "plain.pt")
    assert load_clip(f"{named}:{tmp_path / 'plain.pt'}").weight_sha256 != clip.weight_sha256


def test_weights_of_another_architecture_are_refused(tmp_path: Path, named: str):
    state = make_model().state_dict()
    path = tmp_path / "w.safetensors"
    for change, problem in (
        ({"ln_final.bias": None}, "lacks 'ln_final.bias'"),
        ({"text.ln": torch.zeros(2)}, "has unknown 'text.ln'"),
        ({"ln_final.bias": torch.zeros(7)}, "has misshapen 'ln_final.bias'"),
    ):
        changed = {**state, **change}
        save_file({name: value for name, value in changed.items() if value is not None}, path)
        with pytest.raises(ConfigError, match=problem):
            load_clip(f"{named}:{path}")


def test_openai_weights_need_the_quickgelu_architecture():
    with pytest.raises(ConfigError, match=r"wrong features.*--clip ViT-B-16-quickgelu:openai"):
        load_clip("ViT-B-16:openai")


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("ViT-B-61:openai", "did you mean 'ViT-B-16'"),
        ("ViT-B-16-quickgelu:opena", "did you mean 'openai'"),
        ("ViT-B-16-SigLIP:webli", "not the plain kind"),
        ("roberta-ViT-B-32:laion2b_s12b_b32k", "not the plain kind"),
        ("ViT-B-16-quickgelu:/no/such.pt", "there is no weight file"),
    ],
)
def test_a_wrong_name_is_told_with_a_remedy(spec: str, problem: str):
    with pytest.raises(ConfigError, match=problem) as caught:
        load_clip(spec)
    assert caught.value.hint


def test_a_folder_that_prepares_images_otherwise_is_refused(tmp_path: Path):
    write_small_clip(tmp_path, preprocess={"resize_mode": "squash"})
    with pytest.raises(ConfigError, match="squash"):
        load_clip(str(tmp_path))


def test_a_damaged_folder_is_named(tmp_path: Path):
    write_small_clip(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"name": "x"}))
    with pytest.raises(ConfigError, match=r"config\.json"):
        load_clip(str(tmp_path))
    with pytest.raises(ConfigError, match="cannot be built"):
        build_model({**SMALL, "vision_cfg": {"depth": 3}})


def test_a_small_vocabulary_gives_the_same_text_features(tmp_path: Path, clip: Clip):
    encode = open_clip.SimpleTokenizer().encode
    ids = sorted({token for text in TEXTS for token in encode(text)} | {49406, 49407})
    weights = {**make_model().state_dict()}
    weights["token_embedding.weight"] = weights["token_embedding.weight"][ids]
    model = {**SMALL, "text_cfg": {**SMALL["text_cfg"], "vocab_size": len(ids)}}
    write_clip_folder(tmp_path, ClipSource(name="few", model=model, token_ids=ids), weights)
    few = load_clip(str(tmp_path), with_vision=False)
    assert torch.equal(few.text.encode_texts(TEXTS), clip.text.encode_texts(TEXTS))
    with pytest.raises(ConfigError, match="does not know the words of 'zebra'"):
        few.text.tokenize("zebra")


@pytest.mark.slow
def test_the_real_architecture_opens_from_a_local_file(tmp_path: Path):
    config = open_clip.get_model_config("ViT-B-16-quickgelu")
    model = make_model(config)
    save_file(model.state_dict(), tmp_path / "ViT-B-16.safetensors")
    clip = load_clip(f"ViT-B-16-quickgelu:{tmp_path / 'ViT-B-16.safetensors'}")
    images = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        expected_text = model.encode_text(open_clip.tokenize(TEXTS), normalize=True)
        expected_images = model.encode_image(images, normalize=True)
    text = F.normalize(clip.text.encode_texts(TEXTS), dim=-1)
    assert (clip.dim, clip.image_size, clip.sim_scale) == (512, 224, 10.0)
    torch.testing.assert_close(text, expected_text, atol=1e-5, rtol=0)
    encoded = F.normalize(clip.encode_images(images), dim=-1)
    torch.testing.assert_close(encoded, expected_images, atol=1e-5, rtol=0)


def test_a_folder_keeps_float16_weights(folder: Path):
    assert {v.dtype for v in load_file(folder / "weights.safetensors").values()} == {torch.float16}
