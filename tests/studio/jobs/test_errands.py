"""What is asked of the worker, built from the demo project."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from tests.studio.rounds import make_round
from tpwng_core.datasets import read_manifest
from tpwng_core.run.settings import load_settings
from tpwng_studio.jobs import errands
from tpwng_studio.jobs.jobs import Job, Jobs
from tpwng_studio.state.session import Session


class Desk:
    """Takes jobs and does nothing."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def submit(self, verb: str, args: dict[str, Any], title: str, after: Job | None = None) -> Job:
        job = Job(id=str(len(self.jobs)), verb=verb, args=args, title=title, after=after)
        self.jobs.append(job)
        return job


def desk() -> Jobs:
    return cast(Jobs, Desk())


def test_the_whole_way_is_one_chain(session: Session) -> None:
    project = session.project
    assert project is not None
    jobs = desk()
    wish = errands.TrainingWish(preset="demo", clip="demo", pin="test_fire_001")
    chain = errands.prepare_and_train(session, jobs, wish, [Path("/v/a.mp4")], 8)
    assert [job.verb for job in chain] == ["extract", "train", "score", "label"]
    assert [job.after for job in chain] == [None, *chain[:-1]]
    extract, train, score, _ = chain
    assert extract.args["stride"] == 8
    assert train.args["pin"] == "test_fire_001"
    assert train.args["ground_truth"] == project.ground_truth
    assert "labels" not in train.args
    assert score.args["checkpoint"] == train.args["out"] / "checkpoint.safetensors"


def test_the_clip_that_was_asked_for_is_offered_again(session: Session) -> None:
    project = session.project
    assert project is not None
    jobs = desk()
    errands.extract(jobs, project, [Path("/v/a.mp4")], clip="/v/my.safetensors", stride=8)
    assert errands.clip_to_offer(session, jobs) == "demo"  # the model's: others would not fit
    project.link(checkpoint=None)
    session.reload_project()
    assert errands.clip_to_offer(session, jobs) == "/v/my.safetensors"
    assert errands.clip_to_offer(session, desk()) == errands.DEFAULT_CLIP


def test_a_training_after_a_round_leaves_the_rounds_results_alone(session: Session) -> None:
    project = session.project
    assert project is not None
    out = project.runs_dir / "run-1"
    make_round(project, out)
    project.link(checkpoint=out / "checkpoint.safetensors", results=out)
    session.reload_project()
    *_, score, label = errands.prepare_and_train(session, desk(), errands.TrainingWish(), [], 8)
    assert score.args["out"] == project.folder / "scores"
    assert label.args["out"] == project.folder / "pseudo"
    score, label = errands.score_and_label(session, desk(), out / "checkpoint.safetensors")
    assert score.args["out"] == out / "scores"
    assert label.args["out"] == out / "pseudo"


def test_two_trainings_take_two_folders(session: Session) -> None:
    jobs = desk()
    names = [errands.train(session, jobs, errands.TrainingWish())[1].name for _ in range(2)]
    assert names == ["run-1", "run-2"]


def test_corrections_are_saved_and_held_only_where_wanted(session: Session) -> None:
    project = session.project
    assert project is not None
    session.paint(3, 20, "abnormal")
    held, _ = errands.train(session, desk(), errands.TrainingWish())
    assert held.args["labels"] == project.labels_dir
    assert any(project.labels_dir.glob("*.labels.json"))
    free, _ = errands.train(session, desk(), errands.TrainingWish(hold_labels=False))
    assert "labels" not in free.args


def test_texts_of_categories_are_not_lost_under_a_preset_that_has_none(session: Session) -> None:
    project = session.project
    assert project is not None
    job, _ = errands.train(session, desk(), errands.TrainingWish())
    settings = load_settings("custom", None, [str(word) for word in job.args["set"]])
    assert settings.categories["accident"] == "road accident"
    assert list(settings.categories)[-1] == "normal"
    assert project.preset == "custom"
    project.set_categories({"accident": 'a "big" crash 🔥'})
    session.reload_project()
    drawn, _ = errands.train(session, desk(), errands.TrainingWish())
    settings = load_settings("custom", None, [str(word) for word in drawn.args["set"]])
    assert settings.categories["accident"] == 'a "big" crash 🔥'
    own, _ = errands.train(session, desk(), errands.TrainingWish(preset="demo"))
    assert own.args["set"] == []
    project.set_categories({"accident": "accident"})
    session.reload_project()
    plain, _ = errands.train(session, desk(), errands.TrainingWish())
    assert plain.args["set"] == []


def test_a_category_that_was_corrected_in_the_window_reaches_the_manifest(
    session: Session,
) -> None:
    project = session.project
    assert project is not None
    assert project.manifest is not None
    before = project.manifest.read_text()
    errands.train(session, desk(), errands.TrainingWish())
    assert project.manifest.read_text() == before
    session.open_video("test_fire_001")
    session.set_video_category("explosion")
    errands.train(session, desk(), errands.TrainingWish())
    records = {record.video: record for record in read_manifest(project.manifest)}
    assert records["test_fire_001"].labels == ("explosion",)
    assert records["test_fire_001"].split == "test"


def test_a_video_that_is_out_of_the_project_does_not_train_and_is_not_forgotten(
    session: Session,
) -> None:
    project = session.project
    assert project is not None
    assert project.manifest is not None
    out = "test_fire_001"
    before = read_manifest(project.manifest)
    session.take_out(out)
    job, _ = errands.train(session, desk(), errands.TrainingWish())
    trained = read_manifest(Path(str(job.args["manifest"])))
    assert trained == [record for record in before if record.video != out]
    assert read_manifest(project.manifest) == before
    assert out not in {row.video for row in errands.plan_of(session).rows}

    session.set_video_category("explosion")  # the manifest is written anew by the next training
    assert session.video is not None
    job, _ = errands.train(session, desk(), errands.TrainingWish())
    written = {record.video: record for record in read_manifest(project.manifest)}
    assert written[session.video.id].labels == ("explosion",)
    assert written[out] == next(record for record in before if record.video == out)
    assert out not in {one.video for one in read_manifest(Path(str(job.args["manifest"])))}

    session.undo()
    session.undo()
    job, _ = errands.train(session, desk(), errands.TrainingWish())
    assert job.args["manifest"] == project.manifest
    assert {record.video: record for record in read_manifest(project.manifest)}[out].labels
