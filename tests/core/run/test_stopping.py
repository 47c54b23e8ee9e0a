"""Stop and keep, verb by verb: the unit that runs is finished, the rest is left for later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.nn.small_clip import write_small_clip
from tests.core.run.conftest import NUM_VIDEOS, quick_request
from tests.core.run.footage import film
from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.errors import Stopped
from tpwng_core.events import Event, Progress, silent
from tpwng_core.features import SUFFIX
from tpwng_core.pseudocurves import read_pseudo_folder
from tpwng_core.run.extract import ExtractConfig, extract
from tpwng_core.run.label import LabelRequest, label
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.run.train import train
from tpwng_core.scores import read_score_folder


class Stopper:
    """Wishes for the end from the given number of progress reports on."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.left -= 1
            if self.left <= 0:
                raise Stopped


@pytest.mark.parametrize("after", [1, 3, 4, 5])
def test_a_training_stopped_at_any_step_ends_with_the_same_weights(
    bench: Path, run_folder: Path, tmp_path: Path, after: int
) -> None:
    out = tmp_path / "run"
    summary = train(quick_request(bench, out), Stopper(after))
    assert summary["stopped"] is True
    again = train(quick_request(bench, out, resume=True), silent)
    assert (again["stopped"], again["epochs"]) == (False, 3)
    one, other = (
        read_checkpoint(folder / "checkpoint.safetensors").tensors for folder in (out, run_folder)
    )
    assert all(np.array_equal(value, other[name]) for name, value in one.items())


def test_stopping_in_the_last_step_is_no_stop(bench: Path, tmp_path: Path) -> None:
    request = quick_request(bench, tmp_path / "run", ["training.steps=2"])
    assert train(request, Stopper(2))["stopped"] is False


def test_scoring_and_labelling_finish_the_video(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    common: dict[str, Any] = {
        "inputs": [bench / "features"],
        "checkpoint": run_folder / "checkpoint.safetensors",
        "device": "cpu",
    }
    scored = score(ScoreRequest(**common, out=tmp_path / "scores"), Stopper(3))
    assert (scored["scored"], scored["stopped"]) == (3, True)
    assert len(read_score_folder(tmp_path / "scores")) == 3
    rest = score(ScoreRequest(**common, out=tmp_path / "scores"), silent)
    assert (rest["scored"], rest["skipped"]) == (NUM_VIDEOS - 3, 3)
    labelled = label(LabelRequest(**common, out=tmp_path / "pseudo"), Stopper(2))
    assert (labelled["labelled"], labelled["stopped"]) == (2, True)
    assert len(read_pseudo_folder(tmp_path / "pseudo")) == 2


def test_extraction_finishes_the_videos_it_has_begun(tmp_path: Path) -> None:
    clip = str(write_small_clip(tmp_path / "clip"))
    for number in range(6):
        film(tmp_path / "videos" / f"v{number}.mp4", 80)
    config = ExtractConfig(dtype="float32", workers=2, batch_size=2)

    def run(report) -> tuple[int, bool]:
        summary = extract(
            [tmp_path / "videos"],
            out=tmp_path / "features",
            clip=clip,
            config=config,
            device="cpu",
            report=report,
        )
        return len(summary.done), summary.stopped

    num_done, stopped = run(Stopper(1))
    assert stopped
    assert 1 <= num_done < 6
    assert len(list((tmp_path / "features").glob(f"*{SUFFIX}"))) == num_done
    assert run(silent) == (6 - num_done, False)
