"""Settings: frozen dataclasses, each owned by the room it configures, filled from TOML.

Layers, later wins: the dataclass's defaults < preset < ``--config`` file < ``--set
section.key=value``. A key nobody owns is an error that names the nearest one.
"""

from __future__ import annotations

import difflib
import json
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, Union

from tpwng_core.errors import ConfigError
from tpwng_core.files import asset

_T = TypeVar("_T")

Tables = dict[str, dict[str, Any]]

PRESETS = ("ucf-crime", "xd-violence", "custom", "demo")


def read_preset(name: str) -> Tables:
    """Tables of a packaged preset (``assets/presets/<name with _>.toml``).

    Raises:
        ConfigError: there is no such preset.
    """
    if name not in PRESETS:
        raise ConfigError(f"there is no preset {name!r}", did_you_mean(name, PRESETS))
    return read_toml(asset(f"presets/{name.replace('-', '_')}.toml"))


def read_toml(path: Path) -> Tables:
    """Tables of a TOML settings file.

    Raises:
        ConfigError: the file is missing, is not TOML, or has values outside a table.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"cannot read settings {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = "mend that place in a text editor, or put back a copy from before"
        raise ConfigError(f"{path} is not TOML: {error}", remedy) from error
    for key, value in content.items():
        if not isinstance(value, dict):
            raise ConfigError(f"{path}: {key!r} stands outside a [section]", "move it into one")
    return content


def parse_overrides(assignments: Iterable[str]) -> Tables:
    """Tables of ``section.key=value`` words; values are TOML, or plain text where they are not.

    Raises:
        ConfigError: a word is not of that form.
    """
    tables: Tables = {}
    for word in assignments:
        name, equals, text = word.partition("=")
        section, dot, key = name.strip().partition(".")
        if not (equals and dot and section and key):
            raise ConfigError(f"--set {word!r} is not section.key=value", "e.g. labels.theta=0.5")
        tables.setdefault(section, {})[key] = _parse_value(text.strip())
    return tables


def merge(*layers: Tables) -> Tables:
    """Tables in which each later layer wins over the earlier ones, key by key.

    ``categories`` is one value, not a bag of settings: a later layer replaces it whole.
    """
    merged: Tables = {}
    for layer in layers:
        for section, table in layer.items():
            if section == "categories":
                merged[section] = dict(table)
            else:
                merged.setdefault(section, {}).update(table)
    return merged


def build(owner: type[_T], section: str, table: Mapping[str, Any]) -> _T:
    """A settings dataclass from its table.

    Args:
        owner: a frozen keyword-only dataclass; its ``__post_init__`` checks ranges.
        section: name of the table, for messages.
        table: the values.

    Raises:
        ConfigError: an unknown key, a value of a wrong type, or one out of range.
    """
    assert is_dataclass(owner)
    kinds = typing.get_type_hints(owner)
    names = [item.name for item in fields(owner)]
    values = {}
    for key, value in table.items():
        if key not in names:
            raise ConfigError(f"there is no setting {section}.{key}", did_you_mean(key, names))
        values[key] = _coerce(value, kinds[key], f"{section}.{key}")
    required = [
        item.name
        for item in fields(owner)
        if item.default is MISSING and item.default_factory is MISSING
    ]
    for name in required:
        if name not in values:
            raise ConfigError(f"setting {section}.{name} is missing")
    return owner(**values)


def to_toml(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Settings tables as TOML text that :func:`read_toml` reads back; None becomes "none"."""
    lines: list[str] = []
    for section, table in tables.items():
        lines += ["", f"[{section}]"]
        lines += [f"{_toml_key(key)} = {_toml_value(value)}" for key, value in table.items()]
    return "\n".join(lines[1:]) + "\n"


def check_sections(tables: Tables, known: Sequence[str]) -> None:
    """Raise ConfigError for a section nobody owns."""
    for section in tables:
        if section not in known:
            raise ConfigError(f"there is no section [{section}]", did_you_mean(section, known))


def require(condition: bool, message: str) -> None:
    """Raise ConfigError with ``message`` unless ``condition``; for ``__post_init__``."""
    if not condition:
        raise ConfigError(message)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint: the nearest known word, or all of them."""
    choices = list(known)
    near = difflib.get_close_matches(word, choices, n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(choices)}"


def _toml_key(key: str) -> str:
    is_bare = key.replace("_", "").replace("-", "").isalnum() and key.isascii()
    return key if is_bare else json.dumps(key, ensure_ascii=False)


def _toml_value(value: Any) -> str:
    if value is None:
        return '"none"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml_value(item) for item in value)}]"
    # JSON strings are TOML strings; repr of a float is TOML too, inf and nan included.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _parse_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _coerce(value: Any, kind: Any, name: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return _coerce_union(value, typing.get_args(kind), name)
    if origin is typing.Literal:
        choices = typing.get_args(kind)
        if value in choices:
            return value
        hint = did_you_mean(str(value), [str(choice) for choice in choices])
        raise ConfigError(f"{name} cannot be {value!r}", hint)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_coerce(item, typing.get_args(kind)[0], name) for item in value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if origin is None and isinstance(kind, type) and type(value) is kind:
        return value
    raise ConfigError(f"{name} must be {getattr(kind, '__name__', kind)}, not {value!r}")


def _coerce_union(value: Any, kinds: Sequence[Any], name: str) -> Any:
    for kind in kinds:
        if kind is type(None):
            if value in (None, "none"):
                return None
            continue
        try:
            return _coerce(value, kind, name)
        except ConfigError:
            continue
    raise ConfigError(f"{name} cannot be {value!r}")
