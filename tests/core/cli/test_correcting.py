"""The verb corrections takes one data set or several worlds, and says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.cli import main
from tpwng_core.cli.correcting import _check, _given, _study, _world
from tpwng_core.cli.parser import make_parser
from tpwng_core.errors import ConfigError, InputError
from tpwng_core.run.settings import load_settings


def world(folder: Path, suffix: str = ".csv") -> Path:
    (folder / "features").mkdir(parents=True)
    for name in ("manifest.csv", f"annotations{suffix}", f"train_annotations{suffix}"):
        (folder / name).touch()
    return folder


def test_each_world_gets_a_seed_of_its_own(tmp_path: Path) -> None:
    worlds = [world(tmp_path / "0"), world(tmp_path / "1", ".txt")]
    words = ["corrections", "--worlds", *map(str, worlds), "--out", "D"]
    options = make_parser().parse_args(words)
    data = [_world(folder) for folder in options.worlds]
    _check(options, data)
    settings = load_settings("custom", None, ["training.seed=7"])
    requests = [_study(options, paths, settings, place) for place, paths in enumerate(data)]
    assert [request.seeds for request in requests] == [[7], [8]]
    assert requests[1].train_ground_truth == tmp_path / "1" / "train_annotations.txt"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    options = make_parser().parse_args(["corrections", "--manifest", "M", "--out", "D"])
    with pytest.raises(ConfigError, match="--features, --ground-truth, --train-ground-truth"):
        _given(options)
    folder = world(tmp_path / "0")
    (folder / "train_annotations.csv").unlink()
    with pytest.raises(InputError, match="train_annotations"):
        _world(folder)


def test_worlds_and_lists_together_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["corrections", "--worlds", str(world(tmp_path / "0")), "--seeds", "3", "--out", "D"]
    assert main(words) == 2
    assert "--worlds brings its own" in capsys.readouterr().err
