"""Settings of a run: presets say what they promise, layers win in order, categories are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.config import PRESETS
from tpwng_core.errors import ConfigError
from tpwng_core.run.settings import Settings, categories_of, load_settings, settings_of


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_makes_settings_that_survive_being_written(name: str) -> None:
    settings = load_settings(name)
    assert settings_of(settings.tables()) == settings


@pytest.mark.parametrize(
    ("name", "theta", "lr", "epochs", "num_categories"),
    [("ucf-crime", 0.55, 1e-3, 50, 14), ("xd-violence", 0.35, 1e-4, 20, 7)],
)
def test_benchmark_presets_hold_the_papers_numbers(
    name: str, theta: float, lr: float, epochs: int, num_categories: int
) -> None:
    settings = load_settings(name)
    assert settings.pseudolabels.alpha == 0.2
    assert settings.pseudolabels.theta == theta
    assert settings.prompts.num_context == 8
    assert settings.temporal.softness == 256
    assert (settings.temporal.num_layers, settings.temporal.num_heads) == (4, 4)
    assert (settings.loss.lambda_sparse, settings.loss.lambda_smooth) == (0.1, 0.01)
    assert (settings.training.lr_temporal, settings.training.epochs) == (lr, epochs)
    assert (settings.training.batch_size, settings.training.weight_decay) == (32, 0.005)
    assert len(settings.categories) == num_categories
    assert list(settings.categories)[-1] == "normal"


def test_a_file_wins_over_the_preset_and_set_over_both(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("[pseudolabels]\ntheta = 0.4\nalpha = 0.3\n")
    settings = load_settings("ucf-crime", path, ["pseudolabels.alpha=0.5"])
    assert (settings.pseudolabels.theta, settings.pseudolabels.alpha) == (0.4, 0.5)
    assert settings.prompts.num_context == 8


def test_a_misspelt_setting_says_what_was_meant() -> None:
    with pytest.raises(ConfigError, match="did you mean 'theta'"):
        load_settings("custom", overrides=["pseudolabels.thetta=0.5"])
    with pytest.raises(ConfigError, match="did you mean 'pseudolabels'"):
        load_settings("custom", overrides=["pseudolabel.theta=0.5"])


def test_categories_come_from_the_manifest_where_none_are_named() -> None:
    found = categories_of(Settings(), ["RoadAccidents", "normal", "fire"])
    assert found == {"RoadAccidents": "road accidents", "fire": "fire", "normal": "normal"}


def test_named_categories_win_and_normal_is_moved_last() -> None:
    settings = settings_of({"categories": {"Normal": "nothing happens", "B1": "fighting"}})
    assert dict(settings.categories) == {"B1": "fighting", "normal": "nothing happens"}
    assert categories_of(settings, ["B2"]) == dict(settings.categories)


@pytest.mark.parametrize(
    ("categories", "message"),
    [
        ({"fire": "fire"}, "exactly one normal"),
        ({"normal": "normal"}, "no abnormal category"),
        ({"fire": "", "normal": "normal"}, "'fire' needs a text"),
    ],
)
def test_impossible_categories_are_refused(categories: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        settings_of({"categories": categories})


def test_a_manifest_of_normal_videos_cannot_be_trained_on() -> None:
    with pytest.raises(ConfigError, match="no abnormal category"):
        categories_of(Settings(), ["normal"])
