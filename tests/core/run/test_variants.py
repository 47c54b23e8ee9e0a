"""The paper's tables as variants: each is another network or loss, and none stands in."""

from __future__ import annotations

import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.run.settings import Settings, load_settings
from tpwng_core.run.variants import (
    FULL,
    SWEEPS,
    TABLES,
    VARIANTS,
    parse_tables,
    require_full,
    swept_settings,
    variant_settings,
    variants_of,
)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings("ucf-crime", overrides=["similarity.scale=10.0"])


def test_every_row_of_tables_2_to_5_has_its_own_settings(settings: Settings) -> None:
    assert list(TABLES) == [2, 3, 4, 5]
    assert [len(TABLES[number].rows) for number in (2, 3, 5)] == [3, 2, 5]
    for table in TABLES.values():
        rows = [row for row in table.rows if row.ucf_auc is not None]
        changed = [variant_settings(settings, row.variant, 0) for row in rows]
        assert all(one != two for i, one in enumerate(changed) for two in changed[:i])


def test_a_shared_variant_is_named_once() -> None:
    names = variants_of([2, 3, 4, 5])
    assert len(names) == len(set(names)) == len(VARIANTS)
    assert variants_of([3]) == ["ng-none", FULL]


@pytest.mark.parametrize(
    ("variant", "section", "key", "value"),
    [
        ("nvp-none", "normality", "variant", "none"),
        ("nvp-fa", "normality", "variant", "fa"),
        ("ng-none", "pseudolabels", "alpha", 0.0),
        ("tf-encoder", "temporal", "module", "transformer"),
        ("mtn", "temporal", "module", "mtn"),
        ("gl-mhsa", "temporal", "module", "gl-mhsa"),
        (FULL, "temporal", "module", "tcsal"),
        ("r-in-frames", "temporal", "softness", 16.0),
    ],
)
def test_a_variant_changes_what_it_says_and_nothing_else(
    settings: Settings, variant: str, section: str, key: str, value: object
) -> None:
    changed = variant_settings(settings, variant, 4).tables()
    expected = variant_settings(settings, FULL, 4).tables()
    assert changed[section][key] == value
    expected[section][key] = value
    assert changed == expected
    assert changed["training"]["seed"] == 4


@pytest.mark.parametrize(
    ("variant", "terms"),
    [
        ("bs", (False, False, False)),
        ("bs-rank-n", (True, False, False)),
        ("bs-rank-a", (False, True, False)),
        ("bs-dil", (False, False, True)),
        (FULL, (True, True, True)),
    ],
)
def test_the_rows_of_table_5_switch_the_losses(
    settings: Settings, variant: str, terms: tuple[bool, ...]
) -> None:
    loss = variant_settings(settings, variant, 0).loss
    assert loss.base
    assert (loss.rank_normal, loss.rank_abnormal, loss.inconsistency) == terms


def test_the_full_method_is_full_whatever_the_run_says() -> None:
    bare = load_settings("custom", overrides=["temporal.module=mtn", "normality.variant=fa"])
    full = variant_settings(bare, FULL, 0)
    assert (full.temporal.module, full.normality.variant) == ("tcsal", "as")
    assert variant_settings(bare, "bs", 0).temporal.module == "tcsal"


def test_an_unknown_variant_is_an_error_that_names_the_nearest(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="there is no variant 'gl_mhsa'") as found:
        variant_settings(settings, "gl_mhsa", 0)
    assert "gl-mhsa" in found.value.hint


def test_tables_are_told_by_number() -> None:
    assert parse_tables("5, 2") == [2, 5]
    for wrong in ("6", "two", ","):
        with pytest.raises(ConfigError, match="--tables"):
            parse_tables(wrong)


def test_nothing_is_ablated_that_the_run_leaves_out() -> None:
    with pytest.raises(ConfigError, match="no normality guidance"):
        require_full(load_settings("custom", overrides=["pseudolabels.alpha=0.0"]))
    with pytest.raises(ConfigError, match="no normality prompt"):
        require_full(load_settings("custom", overrides=["normality.nvp_in=none"]))


def test_a_grid_holds_the_runs_own_value(settings: Settings) -> None:
    grids = {sweep.name: sweep.grid(settings) for sweep in SWEEPS}
    assert 0.2 in grids["alpha"]
    assert 0.55 in grids["theta"]
    assert 256.0 in grids["R"]
    odd = load_settings("custom", overrides=["pseudolabels.theta=0.5"])
    assert 0.5 in SWEEPS[1].grid(odd)
    assert swept_settings(settings, SWEEPS[0], 0.6, 1).pseudolabels.alpha == 0.6
