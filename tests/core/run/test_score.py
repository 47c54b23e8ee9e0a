"""Scoring as a person uses it: files, skipping, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.core.run.conftest import NUM_VIDEOS
from tpwng_core.errors import ConfigError, FeatureError, InputError, SomeInputsFailed
from tpwng_core.events import silent
from tpwng_core.features import SUFFIX, read_features, write_features
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.scores import read_score_folder, read_scores, snippets_to_frames


def request_of(bench: Path, run: Path, out: Path, **more) -> ScoreRequest:
    fields = {"inputs": [bench / "features"], "checkpoint": run / "checkpoint.safetensors"}
    return ScoreRequest(**{**fields, "out": out, "device": "cpu", **more})


def test_every_frame_of_every_video_gets_a_score(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    summary = score(request_of(bench, run_folder, tmp_path), silent)
    found = read_score_folder(tmp_path)
    assert summary["scored"] == len(found) == NUM_VIDEOS
    for video, scores in found.items():
        features = read_features(bench / "features" / f"{video}{SUFFIX}")
        assert scores.num_frames == features.num_frames
        assert ((scores.score >= 0) & (scores.score <= 1)).all()
        spread = snippets_to_frames(scores.snippet_score, scores.snippet_start, scores.num_frames)
        assert np.array_equal(scores.score, spread)
        assert np.array_equal(scores.pts, features.pts)
        assert scores.meta["r"] == 16


def test_a_second_run_does_no_work_twice(bench: Path, run_folder: Path, tmp_path: Path) -> None:
    request = request_of(bench, run_folder, tmp_path)
    score(request, silent)
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    summary = score(request, silent)
    assert (summary["scored"], summary["skipped"]) == (0, NUM_VIDEOS)
    assert stamps == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}


def test_a_damaged_score_file_is_made_again(bench: Path, run_folder: Path, tmp_path: Path) -> None:
    file = next((bench / "features").glob(f"*{SUFFIX}"))
    request = request_of(bench, run_folder, tmp_path, inputs=[file])
    score(request, silent)
    (target,) = tmp_path.glob("*.npz")
    whole = target.read_bytes()
    target.write_bytes(whole[:100])
    score(request, silent)
    assert read_scores(target).num_frames > 0


def test_causal_scores_need_a_causal_model(bench: Path, run_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"temporal\.causal=true"):
        score(request_of(bench, run_folder, tmp_path, causal=True), silent)


def test_features_of_another_kind_are_refused(run_folder: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "video.npy", np.zeros((5, 32), np.float32))
    request = request_of(tmp_path, run_folder, tmp_path / "out", inputs=[tmp_path / "video.npy"])
    with pytest.raises(FeatureError, match="32 dimensions"):
        score(request, silent)
    assert not list((tmp_path / "out").glob("*.npz"))


def test_one_bad_video_does_not_stop_the_others(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "features"
    for file in sorted((bench / "features").glob(f"*{SUFFIX}"))[:3]:
        write_features(folder / file.name, read_features(file))
    bad = sorted(folder.glob("*"))[1]
    bad.write_bytes(bad.read_bytes()[:200])
    with pytest.raises(SomeInputsFailed, match=bad.name.removesuffix(SUFFIX)):
        score(request_of(bench, run_folder, tmp_path / "out", inputs=[folder]), silent)
    assert len(list((tmp_path / "out").glob("*.npz"))) == 2


def test_a_folder_without_anything_is_refused(run_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="neither videos nor features"):
        score(request_of(tmp_path, run_folder, tmp_path, inputs=[tmp_path / "empty"]), silent)
