"""Every setting of a run in one frozen record, put together from the rooms that own them.

Built by ``run/train.py`` from preset, file and ``--set``; kept in the checkpoint's header, from
which ``run/model.py`` builds the same model again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from tpwng_core.config import (
    Tables,
    build,
    check_sections,
    merge,
    parse_overrides,
    read_preset,
    read_toml,
    require,
)
from tpwng_core.datasets import NORMAL_NAMES, category_prompt, is_normal_name
from tpwng_core.errors import ConfigError
from tpwng_core.nn.losses import LossConfig
from tpwng_core.nn.normality import NormalityConfig
from tpwng_core.nn.prompts import PromptConfig
from tpwng_core.nn.temporal import TemporalConfig
from tpwng_core.pseudolabels import PseudoLabelConfig
from tpwng_core.run.loop import ScheduleConfig

NORMAL = "normal"


@dataclass(frozen=True, kw_only=True)
class SimilarityConfig:
    """Settings of S = scale * cosine.

    Attributes:
        scale: None takes the CLIP's own (10 for real CLIPs).
    """

    scale: float | None = None

    def __post_init__(self) -> None:
        require(self.scale is None or self.scale > 0, "similarity.scale must be positive")


@dataclass(frozen=True, kw_only=True)
class ValidationConfig:
    """How the best epoch is chosen; not at all where ``datasets.can_choose`` says no.

    Attributes:
        share: of the training videos, per category, where the manifest names no "val" split.
        every: epochs between two evaluations and checkpoints; the last epoch is always one.
    """

    share: float = 0.0
    every: int = 1

    def __post_init__(self) -> None:
        require(0 <= self.share < 1, "validation.share must be in [0, 1)")
        require(self.every >= 1, "validation.every must be at least 1")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of a run.

    Attributes:
        categories: category id -> prompt text, normal last; empty until the manifest is read.
    """

    categories: Mapping[str, str] = field(default_factory=dict)
    prompts: PromptConfig = field(default_factory=PromptConfig)
    similarity: SimilarityConfig = field(default_factory=SimilarityConfig)
    normality: NormalityConfig = field(default_factory=NormalityConfig)
    pseudolabels: PseudoLabelConfig = field(default_factory=PseudoLabelConfig)
    temporal: TemporalConfig = field(default_factory=TemporalConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    training: ScheduleConfig = field(default_factory=ScheduleConfig)
    validation: ValidationConfig = field(default_factory=ValidationConfig)

    def tables(self) -> Tables:
        """The same as TOML tables, defaults included."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


_OWNERS: dict[str, type[Any]] = {
    "prompts": PromptConfig,
    "similarity": SimilarityConfig,
    "normality": NormalityConfig,
    "pseudolabels": PseudoLabelConfig,
    "temporal": TemporalConfig,
    "loss": LossConfig,
    "training": ScheduleConfig,
    "validation": ValidationConfig,
}


def load_settings(
    preset: str, config: Path | None = None, overrides: Sequence[str] = ()
) -> Settings:
    """Settings of a run: preset < file < overrides.

    Args:
        preset: a name of ``config.PRESETS``.
        config: a TOML file.
        overrides: ``section.key=value`` words.

    Raises:
        ConfigError: an unknown section or key, or a value of a wrong type or range.
    """
    layers = [read_preset(preset)]
    if config is not None:
        layers.append(read_toml(config))
    return settings_of(merge(*layers, parse_overrides(overrides)))


def settings_of(tables: Tables) -> Settings:
    """Settings from their tables, as :func:`Settings.tables` gave them.

    Raises:
        ConfigError: as :func:`load_settings`.
    """
    check_sections(tables, ["categories", *_OWNERS])
    sections = {name: build(owner, name, tables.get(name, {})) for name, owner in _OWNERS.items()}
    return Settings(categories=_ordered(tables.get("categories", {})), **sections)


def categories_of(settings: Settings, labels: Sequence[str]) -> dict[str, str]:
    """The model's categories: the preset's, or those of the manifest in order of appearance.

    Args:
        settings: of the run.
        labels: category ids of the manifest.

    Returns:
        Category id -> prompt text, normal last.

    Raises:
        ConfigError: there is no abnormal category.
    """
    if settings.categories:
        return dict(settings.categories)
    found = {label: category_prompt(label) for label in labels if not is_normal_name(label)}
    require(bool(found), "the manifest names no abnormal category; training needs at least one")
    return {**found, NORMAL: "normal"}


def _ordered(categories: Mapping[str, Any]) -> dict[str, str]:
    if not categories:
        return {}
    normal = [name for name in categories if is_normal_name(name)]
    if len(normal) != 1:
        raise ConfigError(
            f"[categories] needs exactly one normal category, not {len(normal)}",
            f"one of: {', '.join(sorted(NORMAL_NAMES))}",
        )
    for name, text in categories.items():
        require(isinstance(text, str) and bool(text.strip()), f"category {name!r} needs a text")
    abnormal = {name: str(text) for name, text in categories.items() if name != normal[0]}
    require(bool(abnormal), "[categories] names no abnormal category")
    return {**abnormal, NORMAL: str(categories[normal[0]])}


def _plain(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else asdict(value)
