"""Layered settings: defaults, preset, file, --set; wrong keys say what was meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from tpwng_core.config import (
    PRESETS,
    build,
    check_sections,
    merge,
    parse_overrides,
    read_preset,
    read_toml,
    require,
    to_toml,
)
from tpwng_core.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Sample:
    count: int = 1
    rate: float = 0.5
    name: str = "a"
    kind: Literal["x", "y"] = "x"
    limit: float | None = None
    sizes: tuple[int, ...] = field(default=(1,))

    def __post_init__(self) -> None:
        require(self.rate <= 1, "sample.rate must be at most 1")


def test_values_of_the_right_type_are_taken() -> None:
    table = {"count": 3, "rate": 1, "kind": "y", "limit": "none", "sizes": [1, 2]}
    assert build(Sample, "sample", table) == Sample(count=3, rate=1.0, kind="y", sizes=(1, 2))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"rat": 1}, r"no setting sample\.rat .*did you mean 'rate'"),
        ({"count": 1.5}, r"sample\.count must be int"),
        ({"count": True}, r"sample\.count must be int"),
        ({"name": 1}, r"sample\.name must be str"),
        ({"kind": "z"}, r"sample\.kind cannot be 'z'"),
        ({"rate": 2.0}, r"sample\.rate must be at most 1"),
        ({"limit": "much"}, r"sample\.limit cannot be 'much'"),
    ],
)
def test_a_wrong_value_names_the_setting(table: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        build(Sample, "sample", table)


def test_overrides_are_toml_values_or_plain_words() -> None:
    tables = parse_overrides(["a.x=1", "a.y = 0.5", "b.z=true", "b.w=words here", 'b.v="q"'])
    assert tables == {"a": {"x": 1, "y": 0.5}, "b": {"z": True, "w": "words here", "v": "q"}}


@pytest.mark.parametrize("word", ["a=1", "a.b", ".b=1", "a.=1"])
def test_a_malformed_override_is_refused(word: str) -> None:
    with pytest.raises(ConfigError, match=r"section\.key=value"):
        parse_overrides([word])


def test_later_layers_win_key_by_key() -> None:
    merged = merge({"a": {"x": 1, "y": 1}}, {"a": {"y": 2}}, {"b": {"z": 3}})
    assert merged == {"a": {"x": 1, "y": 2}, "b": {"z": 3}}


def test_categories_are_replaced_whole() -> None:
    merged = merge({"categories": {"a": "a", "normal": "normal"}}, {"categories": {"b": "b"}})
    assert merged == {"categories": {"b": "b"}}


def test_layers_are_not_changed_by_merging() -> None:
    first = {"a": {"x": 1}}
    merge(first, {"a": {"x": 2}})
    assert first == {"a": {"x": 1}}


def test_unknown_sections_say_what_was_meant() -> None:
    with pytest.raises(ConfigError, match="did you mean 'training'"):
        check_sections({"trainin": {}}, ["training", "loss"])


def test_unknown_preset_says_what_was_meant() -> None:
    with pytest.raises(ConfigError, match="did you mean 'ucf-crime'"):
        read_preset("ucf_crime")


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_readable(name: str) -> None:
    assert "training" in read_preset(name)


def test_missing_and_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read settings .*none\.toml"):
        read_toml(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("a = = 1")
    with pytest.raises(ConfigError, match=r"bad\.toml is not TOML.*line 1.*mend that place"):
        read_toml(tmp_path / "bad.toml")
    (tmp_path / "flat.toml").write_text("a = 1")
    with pytest.raises(ConfigError, match="outside a"):
        read_toml(tmp_path / "flat.toml")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbf[a]\nx = 1\n")
    assert read_toml(tmp_path / "a.toml") == {"a": {"x": 1}}


def test_written_settings_are_read_back(tmp_path: Path) -> None:
    tables: dict[str, dict[str, object]] = {
        "a": {"x": 1, "y": 0.5, "z": True, "inf": float("inf"), "none": None, "t": (1, 2)},
        "categories": {"B 1": 'say "hi"', "Überfall": "robbery", "normal": "normal"},
    }
    (tmp_path / "a.toml").write_text(to_toml(tables), encoding="utf-8")
    again = read_toml(tmp_path / "a.toml")
    assert again["a"] == {
        "x": 1,
        "y": 0.5,
        "z": True,
        "inf": float("inf"),
        "none": "none",
        "t": [1, 2],
    }
    assert list(again["categories"].items()) == list(tables["categories"].items())
