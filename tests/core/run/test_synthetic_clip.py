"""The fitted text tower: close to its targets, whole vocabulary, found by name and by folder."""

from __future__ import annotations

import pytest
import torch

import tpwng_core.run  # noqa: F401 - tells clip_spec who makes synthetic towers
from tpwng_core.errors import ConfigError, OutputError
from tpwng_core.nn.clip import ClipSpec, load_clip
from tpwng_core.nn.text_tower import TextTower
from tpwng_core.run.synthetic_clip import (
    TowerConfig,
    cached_tower,
    tower_cosines,
    tower_folder,
    tower_name,
    write_tower,
)
from tpwng_core.synthetic import get_preset, make_world

CPU = torch.device("cpu")
WORLD = make_world(get_preset("xd-like"), 10_000)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def clip(cache):
    return load_clip("synthetic:xd-like:10000", CPU, with_vision=False)


def encode_behind_context(tower: TextTower, phrase: str, num_context: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(num_context)
    ids = torch.tensor([[tower.sos, *tower.tokenize(phrase), tower.eos]])
    words = tower.token_embedding(ids)
    context = 0.02 * torch.randn(1, num_context, tower.width, generator=generator)
    embeddings = torch.cat([words[:, :1], context, words[:, 1:]], dim=1)
    eos_index = torch.tensor([embeddings.shape[1] - 1])
    with torch.no_grad():
        return tower.encode(embeddings, eos_index) @ tower.text_projection


def test_category_names_are_encoded_near_their_targets(clip):
    cosines = tower_cosines(clip.text, WORLD)
    assert {"fighting", "car accident", "normal"} <= set(cosines)
    assert min(cosines.values()) > 0.99


@pytest.mark.parametrize("num_context", [4, 8, 16])
def test_names_keep_their_place_behind_context_vectors(clip, num_context):
    targets = torch.from_numpy(WORLD.project_text())
    for row, category in enumerate(WORLD.preset.categories):
        encoded = encode_behind_context(clip.text, category.phrases[0], num_context)
        assert torch.cosine_similarity(encoded, targets[row : row + 1]).item() > 0.9


def test_words_the_tower_never_saw_are_encoded_too(clip):
    encoded = clip.text.encode_texts(["a man climbs a fence", "zebra", "naïve café 火"])
    assert encoded.shape == (3, 64)
    assert encoded.isfinite().all()
    assert torch.cosine_similarity(encoded[0], encoded[1], dim=0) < 0.99


def test_the_clip_says_what_it_is(clip):
    assert clip.name == "synthetic:xd-like:10000"
    assert clip.dim == 64
    assert clip.sim_scale == 5.0
    assert clip.visual is None
    with pytest.raises(ConfigError, match="image tower"):
        clip.image_tower()


def test_the_folder_and_the_name_are_the_same_clip(clip, cache):
    folder = tower_folder("xd-like:10000")
    assert folder.is_relative_to(cache)
    assert load_clip(str(folder), CPU, with_vision=False).weight_sha256 == clip.weight_sha256


def test_fitting_again_gives_the_same_weights(tmp_path):
    config = TowerConfig(steps=5)
    digests: list[bytes] = []
    for name in ("first", "second"):
        torch.manual_seed(len(digests))  # whatever was drawn before
        write_tower(tmp_path / name, WORLD, config)
        digests.append((tmp_path / name / "weights.safetensors").read_bytes())
    assert digests[0] == digests[1]


def test_fitting_leaves_torch_as_it_was(tmp_path):
    threads = torch.get_num_threads()
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    write_tower(tmp_path, WORLD, TowerConfig(steps=1))
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads


def test_a_tower_is_fitted_once(cache, clip):
    before = (tower_folder("xd-like:10000") / "weights.safetensors").stat().st_mtime_ns
    assert (cached_tower(WORLD) / "weights.safetensors").stat().st_mtime_ns == before


def test_wide_features_get_the_same_tower_turned_into_their_space(tmp_path):
    narrow, wide = WORLD, make_world(WORLD.preset, WORLD.seed, dim=96)
    config = TowerConfig(steps=20)
    cosines = []
    for world in (narrow, wide):
        write_tower(tmp_path / str(world.dim), world, config)
        tower = load_clip(str(tmp_path / str(world.dim)), CPU, with_vision=False).text
        assert tower.text_projection.shape == (64, world.dim)
        cosines.append(list(tower_cosines(tower, world).values()))
    assert cosines[0] == pytest.approx(cosines[1], abs=1e-3)


def test_the_dimension_is_named_only_where_it_is_not_64():
    assert tower_name("ucf-like", 3) == "synthetic:ucf-like:3"
    assert tower_name("ucf-like", 3, 512) == "synthetic:ucf-like:3:512"
    assert ClipSpec.parse("synthetic:ucf-like:3:512").source == "ucf-like:3:512"


@pytest.mark.parametrize("argument", ["", "xd-like", "xd-like:", "xd-like:a", "xd-like:1:b", "x:1"])
def test_a_name_that_means_no_tower_is_refused(argument, cache):
    with pytest.raises(ConfigError):
        tower_folder(argument)


def test_a_cache_that_cannot_be_written_is_said_so(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    with pytest.raises(OutputError, match="cannot write"):
        cached_tower(make_world(get_preset("xd-like"), 10_001))
