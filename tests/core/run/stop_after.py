"""Trains and stops after the first epoch: what a person's "stop and keep" does. Run by torchrun.

stop_after.py BENCH OUT SECTION.KEY=VALUE...
"""

import sys
from pathlib import Path

from tpwng_core.errors import Stopped
from tpwng_core.events import Event, Metric, Progress
from tpwng_core.run.settings import load_settings
from tpwng_core.run.train import TrainRequest, train

bench, out, *overrides = sys.argv[1:]
seen: list[Event] = []


def report(event: Event) -> None:
    """Wish to stop as soon as an epoch is told."""
    seen.append(event)
    if isinstance(event, Progress) and any(isinstance(one, Metric) for one in seen):
        raise Stopped


train(
    TrainRequest(
        manifest=Path(bench) / "manifest.csv",
        features=Path(bench) / "features",
        out=Path(out),
        settings=load_settings("custom", Path(bench) / "settings.toml", overrides),
        device="cpu",
    ),
    report,
)
