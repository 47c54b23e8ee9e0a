"""The methods TPWNG is compared with, one file each, behind one registry.

All are written by us from the papers; they share features, bags, schedule and evaluation with
TPWNG, so that a difference is the method's. ``build_method`` is called by the comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from tpwng_core.config import build, did_you_mean
from tpwng_core.errors import ConfigError
from tpwng_core.nn.methods.clip_tsa import ClipTsa
from tpwng_core.nn.methods.method import Method, Problem, TextInput
from tpwng_core.nn.methods.rtfm import Rtfm
from tpwng_core.nn.methods.sultani import Sultani
from tpwng_core.nn.methods.supervised import Supervised
from tpwng_core.nn.methods.ur_dmu import UrDmu
from tpwng_core.nn.methods.vadclip import VadClip
from tpwng_core.nn.methods.zero_shot import ZeroShot

__all__ = ["METHODS", "Method", "Problem", "TextInput", "build_method"]

METHODS: dict[str, type[Method]] = {
    "zero-shot": ZeroShot,
    "sultani": Sultani,
    "rtfm": Rtfm,
    "ur-dmu": UrDmu,
    "clip-tsa": ClipTsa,
    "vadclip": VadClip,
    "supervised": Supervised,
}
"""By name, in the order of the comparison's table."""


def build_method(
    name: str, problem: Problem, *, seed: int = 0, config: Mapping[str, Any] | None = None
) -> Method:
    """A method with its initial weights, on the CPU, in training mode.

    Args:
        name: a key of ``METHODS``.
        problem: dimensions, and the text side where the method needs it.
        seed: of the initial weights; the global random state is left as it was.
        config: settings of the method that differ from the authors'.

    Raises:
        ConfigError: there is no such method or setting, or the method needs a text side.
    """
    if name not in METHODS:
        raise ConfigError(f"there is no method {name!r}", did_you_mean(name, METHODS))
    kind = METHODS[name]
    settings: Any = build(kind.config_type, name, config or {})
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return kind(problem, settings)
