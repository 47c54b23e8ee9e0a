"""The whole path on real surveillance clips, as a person types it; skipped without the data.

Quality is not asserted: the demo's small CLIP knows rendered pictures only. Counts are.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tpwng_core.cli import main
from tpwng_core.evaluation import evaluate
from tpwng_core.groundtruth import frame_labels, read_ground_truth
from tpwng_core.scores import read_score_folder

NUM_FIGHTS = 6

pytestmark = pytest.mark.slow


def tpwng(*words: object) -> int:
    return main([str(word) for word in words])


@pytest.fixture(scope="module")
def clips(real_data: Path) -> Path:
    folder = real_data / "clips"
    if not folder.is_dir():
        pytest.skip(f"no clips at {folder}")
    return folder


@pytest.fixture(scope="module")
def trained(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features of real clips, and a model trained on some of the fights."""
    work = tmp_path_factory.mktemp("real")
    fights = sorted((clips / "fights" / "fight").glob("*.mp4"))[:NUM_FIGHTS]
    normals = sorted((clips / "fights" / "normal").glob("*.mp4"))[:NUM_FIGHTS]
    rows = [f"{path.stem},fighting" for path in fights]
    rows += [f"{path.stem},normal" for path in normals]
    (work / "manifest.csv").write_text("\n".join(["video,label", *rows]) + "\n")
    features = work / "features"
    inputs = [*fights, *normals, clips / "ucf_crime", clips / "scenes"]
    assert tpwng("extract", *inputs, "--out", features, "--clip", "demo") == 0
    line = ["train", "--manifest", work / "manifest.csv", "--features", features]
    line += ["--out", work / "run", "--set", "training.epochs=3", "--set", "prompts.num_context=4"]
    assert tpwng(*line) == 0
    return work


def test_ucf_crime_clips_are_evaluated_with_the_counts_of_the_annotation(
    clips: Path, real_data: Path, trained: Path
) -> None:
    scores, checkpoint = trained / "scores", trained / "run" / "checkpoint.safetensors"
    videos = sorted((clips / "ucf_crime").glob("*.mp4"))
    line = ["score", *videos, "--checkpoint", checkpoint, "--out", scores]
    assert tpwng(*line, "--features", trained / "features") == 0
    annotation = real_data / "ucf_crime" / "Temporal_Anomaly_Annotation.txt"
    report = trained / "report.json"
    line = ["evaluate", "--scores", scores, "--ground-truth", annotation, "--out", report]
    assert tpwng(*line) == 0
    found = json.loads(report.read_text())
    lengths = {name: item.num_frames for name, item in read_score_folder(scores).items()}
    truth = read_ground_truth(annotation)
    abnormal = sum(int(frame_labels(truth[name], lengths[name]).sum()) for name in lengths)
    assert found["num_videos"] == len(videos) == 7
    assert found["num_frames"] == sum(lengths.values())
    assert found["num_abnormal_frames"] == abnormal > 0
    assert len(found["missing"]) == 290 - 7


def test_scenes_have_the_frames_they_were_joined_from(clips: Path, trained: Path) -> None:
    cuts = json.loads((clips / "scenes" / "cuts.json").read_text())
    checkpoint = trained / "run" / "checkpoint.safetensors"
    scores = trained / "scene_scores"
    line = ["score", clips / "scenes", "--checkpoint", checkpoint, "--out", scores]
    assert tpwng(*line, "--features", trained / "features") == 0
    found = read_score_folder(scores)
    for cut in cuts:
        assert found[Path(cut["file"]).stem].num_frames == cut["frames"]


def test_labels_follow_the_category_given(clips: Path, trained: Path) -> None:
    checkpoint = trained / "run" / "checkpoint.safetensors"
    line = ["label", clips / "scenes", "--checkpoint", checkpoint, "--category", "fighting"]
    line += ["--out", trained / "pseudo", "--features", trained / "features"]
    assert tpwng(*line) == 0
    assert len(list((trained / "pseudo").glob("*.pseudo.npz"))) == 5


def test_a_second_extraction_does_no_work(
    clips: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in (trained / "features").glob("*")}
    line = ["extract", clips / "scenes", "--out", trained / "features", "--clip", "demo"]
    assert tpwng(*line, "--events", "json") == 0
    assert {path: path.stat().st_mtime_ns for path in (trained / "features").glob("*")} == before
    finished = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert finished["summary"]["skipped"] == 5


@pytest.mark.parametrize(
    ("benchmark", "annotation", "videos", "frames", "abnormal"),
    [
        ("ucf_crime", "Temporal_Anomaly_Annotation.txt", 290, 1_109_680, 84_128),
        ("xd_violence", "annotations.txt", 800, 2_330_384, 537_805),
    ],
)
def test_ground_truth_equals_the_published_one_frame_for_frame(
    real_data: Path, benchmark: str, annotation: str, videos: int, frames: int, abnormal: int
) -> None:
    folder = real_data / benchmark
    with np.load(folder / "frame_gt.PEL4VAD.npz") as published:
        expected = {name: published[name] for name in published.files}
    truth = read_ground_truth(folder / annotation)
    for name, labels in expected.items():
        assert np.array_equal(frame_labels(truth.get(name, ()), len(labels)), labels), name
    scores = {name: np.zeros(len(labels)) for name, labels in expected.items()}
    report = evaluate(scores, truth, protocol="ucf-crime" if videos == 290 else "xd-violence")
    counts = (report.num_videos, report.num_frames, report.num_abnormal_frames)
    assert counts == (videos, frames, abnormal)
