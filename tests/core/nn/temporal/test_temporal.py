"""The registry: every name is its own module, and no name falls back to another."""

from typing import Any

import pytest
import torch

from tests.core.nn.tiny import DIM, random_bags
from tpwng_core.errors import ConfigError
from tpwng_core.nn.tcsal import Tcsal, TcsalConfig, scaled_unit
from tpwng_core.nn.temporal import MODULES, TemporalConfig, build_head, build_temporal
from tpwng_core.nn.temporal.gl_mhsa import GlMhsa
from tpwng_core.nn.temporal.mtn import Mtn

BAGS = random_bags()


@pytest.mark.parametrize("name", MODULES)
def test_every_module_keeps_the_shape_and_takes_the_same_call(name: str) -> None:
    module = build_temporal(name, DIM, TcsalConfig(num_heads=2))
    hidden = module(BAGS.abnormal, BAGS.abnormal_mask)
    assert hidden.shape == BAGS.abnormal.shape
    assert torch.isfinite(hidden).all()


def test_no_two_names_build_the_same_network() -> None:
    parameters = {
        name: tuple(key for key, _ in build_temporal(name, DIM).named_parameters())
        for name in MODULES
    }
    assert len(set(parameters.values())) == len(MODULES)


def test_names_build_what_they_say() -> None:
    assert isinstance(build_temporal("mtn", DIM), Mtn)
    assert isinstance(build_temporal("gl-mhsa", DIM), GlMhsa)
    spans, plain = build_temporal("tcsal", DIM), build_temporal("transformer", DIM)
    assert isinstance(spans, Tcsal)
    assert isinstance(plain, Tcsal)
    assert (spans.adaptive, plain.adaptive) == (True, False)


def test_depth_and_heads_reach_tcsal_and_transformer() -> None:
    for name in ("tcsal", "transformer"):
        module: Any = build_temporal(name, DIM, TcsalConfig(num_layers=3, num_heads=1))
        assert (len(module.layers), module.layers[0].num_heads) == (3, 1)


def test_no_temporal_module_leaves_every_snippet_alone() -> None:
    hidden = build_temporal("none", DIM)(BAGS.abnormal, BAGS.abnormal_mask)
    assert torch.equal(hidden, scaled_unit(BAGS.abnormal))


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="did you mean 'gl-mhsa'"):
        build_temporal("gl_mhsa", DIM)
    with pytest.raises(ConfigError, match="did you mean 'transformer'"):
        TemporalConfig(module="tf-transformer")
    with pytest.raises(ConfigError, match="no head"):
        TemporalConfig(head="linear")
    with pytest.raises(ConfigError, match="no head"):
        build_head("linear", DIM)


@pytest.mark.parametrize("name", ["mtn", "gl-mhsa"])
def test_a_module_that_looks_ahead_cannot_be_causal(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be causal"):
        TemporalConfig(module=name, causal=True)
    with pytest.raises(ConfigError, match="cannot be causal"):
        build_temporal(name, DIM, TcsalConfig(causal=True))
