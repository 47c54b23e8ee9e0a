"""Tables 2-5 of the paper as named variants of one run's settings, and the sensitivity grids.

A variant is a few settings that differ from the full method; all else is the run's. Each name
leads to its own code path (``nn.normality``, ``nn.temporal``, ``nn.losses``); a name that is not
here is an error. Read by ``run/ablate.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tpwng_core.config import Tables, did_you_mean, merge, require
from tpwng_core.errors import ConfigError
from tpwng_core.run.settings import Settings, settings_of

FULL = "full"
AS_PRINTED, IN_FRAMES = 256.0, 16.0  # R of Eq. 7: snippets as printed, or 256 frames


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table.

    Attributes:
        title: as the paper writes it.
        variant: a key of ``VARIANTS``.
        ucf_auc: the paper's frame AUC on UCF-Crime, in [0, 1]; None for a row of ours.
        xd_ap: the paper's AP on XD-Violence, in [0, 1].
    """

    title: str
    variant: str
    ucf_auc: float | None = None
    xd_ap: float | None = None


@dataclass(frozen=True, kw_only=True)
class PaperTable:
    """A table of the paper; its last row with numbers is the full method.

    Attributes:
        number: in the paper.
        title: number and subject.
        rows: the paper's, then ours.
        reads_texts: whether its rows differ in the text half, hence in pseudo-labels.
        note: what a reader should know of our rows.
    """

    number: int
    title: str
    rows: tuple[Row, ...]
    reads_texts: bool = True
    note: str = ""


def _losses(*names: str) -> Tables:
    """Table 5: bs and the named terms; the rest is off."""
    terms = ("rank_normal", "rank_abnormal", "inconsistency")
    return {"loss": {"base": True, **{term: term in names for term in terms}}}


VARIANTS: Mapping[str, Tables] = MappingProxyType(
    {
        FULL: {
            "normality": {"variant": "as"},
            "temporal": {"module": "tcsal"},
            **_losses("rank_normal", "rank_abnormal", "inconsistency"),
        },
        "nvp-none": {"normality": {"variant": "none"}},
        "nvp-fa": {"normality": {"variant": "fa"}},
        "ng-none": {"pseudolabels": {"alpha": 0.0}},
        "tf-encoder": {"temporal": {"module": "transformer"}},
        "mtn": {"temporal": {"module": "mtn"}},
        "gl-mhsa": {"temporal": {"module": "gl-mhsa"}},
        "r-as-printed": {"temporal": {"softness": AS_PRINTED}},
        "r-in-frames": {"temporal": {"softness": IN_FRAMES}},
        "bs": _losses(),
        "bs-rank-n": _losses("rank_normal"),
        "bs-rank-a": _losses("rank_abnormal"),
        "bs-dil": _losses("inconsistency"),
    }
)
"""By name, what differs from the full method."""

TABLES: Mapping[int, PaperTable] = MappingProxyType(
    {
        2: PaperTable(
            number=2,
            title="Table 2: normality visual prompt",
            rows=(
                Row(title="w/o NVP", variant="nvp-none", ucf_auc=0.8525, xd_ap=0.8158),
                Row(title="w NVP-FA", variant="nvp-fa", ucf_auc=0.8732, xd_ap=0.8313),
                Row(title="w NVP-AS", variant=FULL, ucf_auc=0.8779, xd_ap=0.8368),
            ),
        ),
        3: PaperTable(
            number=3,
            title="Table 3: normality guidance",
            rows=(
                Row(title="w/o NG", variant="ng-none", ucf_auc=0.8583, xd_ap=0.8132),
                Row(title="w NG", variant=FULL, ucf_auc=0.8779, xd_ap=0.8368),
            ),
        ),
        4: PaperTable(
            number=4,
            title="Table 4: temporal module",
            rows=(
                Row(title="w TF-encoder", variant="tf-encoder", ucf_auc=0.8512, xd_ap=0.8002),
                Row(title="w MTN", variant="mtn", ucf_auc=0.8622, xd_ap=0.8102),
                Row(title="w GL-MHSA", variant="gl-mhsa", ucf_auc=0.8643, xd_ap=0.8123),
                Row(title="w TCSAL", variant=FULL, ucf_auc=0.8779, xd_ap=0.8368),
                Row(title="w TCSAL, R = 256", variant="r-as-printed"),
                Row(title="w TCSAL, R = 16", variant="r-in-frames"),
            ),
            reads_texts=False,
            note="R is printed as 256; counted in snippets it hardly masks, in frames it is 16.",
        ),
        5: PaperTable(
            number=5,
            title="Table 5: loss terms",
            rows=(
                Row(title="bs", variant="bs", ucf_auc=0.7712, xd_ap=0.7332),
                Row(title="bs + rank_n", variant="bs-rank-n", ucf_auc=0.8134, xd_ap=0.7867),
                Row(title="bs + rank_a", variant="bs-rank-a", ucf_auc=0.8445, xd_ap=0.8156),
                Row(title="bs + dil", variant="bs-dil", ucf_auc=0.8247, xd_ap=0.7996),
                Row(title="all", variant=FULL, ucf_auc=0.8779, xd_ap=0.8368),
            ),
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """A setting over which the sensitivity is drawn; each value is trained anew.

    Attributes:
        name: of the paper.
        section: of the setting.
        key: of the setting.
        values: of the grid; the run's own value joins them.
        logarithmic: how the axis is drawn.
    """

    name: str
    section: str
    key: str
    values: tuple[float, ...]
    logarithmic: bool = False

    def grid(self, settings: Settings) -> list[float]:
        """The grid with the run's own value, ascending."""
        return sorted({*self.values, self.chosen(settings)})

    def chosen(self, settings: Settings) -> float:
        """The run's own value."""
        return float(getattr(getattr(settings, self.section), self.key))


SWEEPS = (
    Sweep(
        name="alpha",
        section="pseudolabels",
        key="alpha",
        values=(0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0),
    ),
    Sweep(
        name="theta",
        section="pseudolabels",
        key="theta",
        values=(0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85),
    ),
    Sweep(
        name="R",
        section="temporal",
        key="softness",
        values=(1.0, 4.0, 16.0, 64.0, 256.0),
        logarithmic=True,
    ),
)


def parse_tables(text: str) -> list[int]:
    """Numbers of tables from ``2,3,4,5``.

    Raises:
        ConfigError: a number that is no table of the paper's ablations.
    """
    known = [str(number) for number in TABLES]
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word not in known:
            raise ConfigError(f"--tables: there is no ablation table {word!r}", "of 2, 3, 4, 5")
    require(bool(words), "--tables names no table: give some of 2,3,4,5")
    return sorted({int(word) for word in words})


def variant_settings(settings: Settings, variant: str, seed: int) -> Settings:
    """Settings of a variant on a seed.

    Args:
        settings: of the run; what makes the method full is switched on whatever they say.
        variant: a key of ``VARIANTS``.
        seed: of weights, bags and dropout.

    Raises:
        ConfigError: there is no such variant.
    """
    if variant not in VARIANTS:
        raise ConfigError(f"there is no variant {variant!r}", did_you_mean(variant, VARIANTS))
    return _changed(settings, VARIANTS[variant], seed)


def swept_settings(settings: Settings, sweep: Sweep, value: float, seed: int) -> Settings:
    """Settings of the full method with one value of a sweep."""
    return _changed(settings, {sweep.section: {sweep.key: value}}, seed)


def require_full(settings: Settings) -> None:
    """Raise ConfigError where the run's own settings leave out what the tables ablate."""
    require(
        settings.pseudolabels.alpha > 0,
        "pseudolabels.alpha is 0, so there is no normality guidance to ablate: set it above 0",
    )
    require(
        settings.normality.nvp_in != "none",
        'normality.nvp_in is "none", so there is no normality prompt to ablate: use "both"',
    )


def variants_of(tables: Sequence[int]) -> list[str]:
    """Variants of the tables, each once, in order of first use."""
    return list(dict.fromkeys(row.variant for number in tables for row in TABLES[number].rows))


def _changed(settings: Settings, changes: Mapping[str, Mapping[str, Any]], seed: int) -> Settings:
    own = {name: dict(table) for name, table in changes.items()}
    return settings_of(merge(settings.tables(), VARIANTS[FULL], own, {"training": {"seed": seed}}))
