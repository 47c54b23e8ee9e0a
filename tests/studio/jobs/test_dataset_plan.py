"""What videos are and what they are for, as a person settles it before training."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.datasets import read_manifest
from tpwng_core.errors import DatasetError
from tpwng_studio.jobs.dataset_plan import MANIFEST, Plan, Row


def row(video: str, label: str = "", split: str = "train", **more) -> Row:
    path = more.pop("path", Path(f"/v/{video}.mp4"))
    return Row(video=video, path=path, label=label, split=split, **more)  # type: ignore[arg-type]


def test_names_of_benchmarks_folders_and_first_words_tell_the_category() -> None:
    rows = [
        row("Arson011_x264"),
        row("Bad.Boys__#00-00_label_B2-G-0"),
        row("clip1", path=Path("/v/normal/clip1.mp4")),
        row("fighting_03"),
        row("holiday"),
        row("x", "fighting"),
    ]
    plan = Plan(tuple(rows)).with_names()
    assert [item.label for item in plan.rows] == [
        "Arson",
        "B2|G",
        "normal",
        "fighting",
        "",
        "fighting",
    ]


def test_numbered_names_and_class_folders_tell_new_categories() -> None:
    one = Path("/v")
    rows = [row(name, path=one / f"{name}.mp4") for name in ("test_flood_001", "flood2", "x", "7")]
    plan = Plan(tuple(rows)).with_names()
    assert [item.label for item in plan.rows] == ["flood", "flood", "", ""]
    assert [item.split for item in plan.rows] == ["test", "train", "train", "train"]
    folders = [row(name, path=Path(f"/v/{name}/a.mp4")) for name in ("flood", "normal", "storm")]
    assert [r.label for r in Plan(tuple(folders)).with_names().rows] == ["flood", "normal", "storm"]


def test_folders_of_which_none_is_a_known_category_are_no_classes() -> None:
    rows = tuple(row(name, path=Path(f"/v/{name}/a.mp4")) for name in ("camera", "yard"))
    assert [item.label for item in Plan(rows).with_names().rows] == ["", ""]
    assert [item.label for item in Plan(rows).with_names(["Yard"]).rows] == ["camera", "Yard"]


def test_what_is_missing_is_said_in_words() -> None:
    plan = Plan((row("a", "fire"), row("b", "", "train"), row("c", "arson", "test")))
    assert not plan.can_train
    assert plan.missing == [
        "no normal video to train on",
        "1 without a category: left out",
        "no training video of arson: it will not be learned",
    ]
    whole = Plan((row("a", "fire"), row("n", "normal")))
    assert whole.can_train
    assert whole.missing == []


def test_broken_files_count_for_nothing() -> None:
    plan = Plan((row("a", "fire"), row("n", "normal", is_usable=False)))
    assert not plan.can_train
    assert plan.to_extract == [Path("/v/a.mp4")]
    assert plan.rows[1].problem == "the file cannot be used"
    broken = Plan((row("flood_001", is_usable=False),)).with_names()
    assert (broken.rows[0].label, broken.categories) == ("", [])


def test_a_wrong_label_is_a_problem_of_its_row() -> None:
    assert "empty part" in row("a", "fire|").problem
    assert row("a", "normal|fire").labels is None


def test_categories_that_a_preset_does_not_know() -> None:
    plan = Plan((row("a", "Arson|fire"),))
    assert plan.unknown_to(["arson", "normal"]) == ["fire"]
    assert plan.unknown_to([]) == []


def test_the_manifest_is_written_and_read_back(tmp_path: Path) -> None:
    rows = (
        row("a", "fire|arson", "test", path=tmp_path / "videos" / "a.mp4"),
        row("n", "Normal", "val", path=tmp_path / "videos" / "n.mp4"),
        row("u", "", path=tmp_path / "videos" / "u.mp4"),
    )
    path = Plan(rows).write(tmp_path)
    records = {record.video: record for record in read_manifest(path)}
    assert (records["a"].labels, records["a"].split) == (("fire", "arson"), "test")
    assert records["n"].is_normal
    assert not records["u"].labelled
    blank = Plan(tuple(row(item.video, path=item.path) for item in rows))
    told, count = blank.with_manifest(path)
    assert count == 3
    assert [item.label for item in told.rows] == ["fire|arson", "normal", ""]
    assert [item.split for item in told.rows] == ["test", "val", "train"]
    blank.write(tmp_path)
    assert "fire|arson" in (tmp_path / f"{MANIFEST}.bak").read_text()


def test_a_list_that_is_wrong_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("video,lable\na,fire\n")
    with pytest.raises(DatasetError):
        Plan((row("a"),)).with_manifest(tmp_path / "m.csv")


@given(
    st.lists(st.sampled_from(["fire", "arson", "normal", ""]), min_size=1, max_size=60),
    st.floats(0, 0.9),
    st.floats(0, 0.9),
)
def test_dealing_out_leaves_every_category_something_to_train_on(
    labels: list[str], test: float, val: float
) -> None:
    plan = Plan(tuple(row(f"v{i}", label) for i, label in enumerate(labels)))
    dealt = plan.with_split({"test": test, "val": val})
    assert dealt == plan.with_split({"test": test, "val": val})
    for label in {"fire", "arson", "normal"} & set(labels):
        own = [item.split for item in dealt.rows if item.label == label]
        assert "train" in own
        assert abs(own.count("test") - test * len(own)) <= 1
    assert [item.video for item in dealt.rows] == [item.video for item in plan.rows]


def test_videos_to_choose_by_are_dealt_as_a_training_would_draw_them() -> None:
    rows = tuple(row(f"{kind}{i}", kind) for kind in ("fire", "normal") for i in range(12))
    dealt = Plan(rows).with_split({"test": 0.0, "val": 0.5})
    chosen = {item.video for item in dealt.rows if item.split == "val"}
    assert chosen == Plan(rows).held_out(0.5) == dealt.held_out(0.0)
    assert len(chosen) == 12
    assert {item.split for item in Plan(rows).with_split({"val": 0.2}).rows} == {"train"}
    assert Plan(rows).with_rows(range(3), split="val").held_out(0.5) == frozenset()


def test_counts_are_by_category_and_use() -> None:
    plan = Plan((row("a", "fire|arson"), row("b", "fire", "test"), row("n", "normal")))
    assert plan.counts == {
        ("fire", "train"): 1,
        ("arson", "train"): 1,
        ("fire", "test"): 1,
        ("normal", "train"): 1,
    }
