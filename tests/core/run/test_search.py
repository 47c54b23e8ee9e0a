"""Search: moments of a project by words."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.core.run.conftest import NUM_VIDEOS
from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.cli import main
from tpwng_core.errors import ConfigError, FeatureError, InputError
from tpwng_core.events import Event, Message, silent
from tpwng_core.features import SUFFIX, FeatureSet, open_feature_folder, write_features
from tpwng_core.nn.clip import load_clip
from tpwng_core.querycurves import read_query_curves
from tpwng_core.run.hits import best_hits
from tpwng_core.run.moments import moments
from tpwng_core.run.query import encode_learned, encode_plain, unknown_words
from tpwng_core.run.rescore import Rescorer, RescoreRequest
from tpwng_core.run.search import Searcher, SearchRequest, search, similarity_curves
from tpwng_core.run.warm import Shelf, TextTowers

DEMO = Path("assets/demo/miniature")
CHECKPOINT = DEMO / "run" / "checkpoint.safetensors"


def features_of(video: str, rows: np.ndarray, stride: int = 16) -> FeatureSet:
    starts = np.arange(len(rows), dtype=np.int32) * stride
    return FeatureSet(
        video=video, features=rows, snippet_start=starts, pts=np.arange(len(rows) * stride)
    )


@given(hnp.arrays(np.float32, st.integers(1, 60), elements=st.floats(-1, 1, width=32)))
def test_moments_are_apart_in_order_and_hold_their_peaks(curve: np.ndarray) -> None:
    found = list(moments(curve))
    assert found[0].similarity == curve.max()
    heights = [moment.similarity for moment in found]
    assert heights == sorted(heights, reverse=True)
    covered = np.zeros(len(curve), dtype=int)
    for moment in found:
        assert moment.start <= moment.peak < moment.end
        assert curve[moment.peak] == moment.similarity == curve[moment.start : moment.end].max()
        covered[moment.start : moment.end] += 1
    assert covered.max() == 1
    spans = sorted((moment.start, moment.end) for moment in found)
    assert all(one[1] < two[0] for one, two in pairwise(spans))


def test_an_event_of_several_snippets_is_one_moment() -> None:
    curve = np.full(40, 0.1, dtype=np.float32)
    curve[10:16] = [0.5, 0.8, 0.9, 0.85, 0.7, 0.5]
    first = next(moments(curve))
    assert (first.start, first.end, first.peak) == (10, 16, 12)


def test_curves_are_the_plain_cosine_whatever_the_layout() -> None:
    rng = np.random.default_rng(0)
    plain = rng.normal(size=(7, 16)).astype(np.float16)
    crops = rng.normal(size=(5, 10, 16)).astype(np.float16)
    query = rng.normal(size=16).astype(np.float32)
    curves = similarity_curves(
        {"a": features_of("a", plain), "b": features_of("b", crops)},
        query,
    )
    for video, rows in (("a", plain), ("b", crops.astype(np.float32).mean(axis=1))):
        expected = [
            float(row.astype(float) @ query / np.linalg.norm(row.astype(float)))
            / float(np.linalg.norm(query))
            for row in rows
        ]
        np.testing.assert_allclose(curves[video], expected, atol=1e-6)


def test_the_best_over_all_videos_come_first_and_twins_are_one() -> None:
    rng = np.random.default_rng(1)
    query = np.zeros(8, dtype=np.float32)
    query[0] = 1
    rows = rng.normal(size=(3, 30, 8)).astype(np.float32)
    rows[..., 0] = -1
    rows[0, 4], rows[1, 9] = 5 * query + 0.1, 5 * query + 0.1  # the same picture twice
    rows[2, 20] = 2 * query + [0, 1, 0, 0, 0, 0, 0, 0]
    sets = {name: features_of(name, rows[k]) for k, name in enumerate("abc")}
    curves = similarity_curves(sets, query)
    hits = best_hits(sets, curves, top=2)
    assert [hit.video for hit in hits] == ["a", "c"]
    assert hits[0].also == ["b@152"]
    assert hits[0].num_similar == 1
    assert hits[1].frames == (320, 336, 328)
    apart = best_hits(sets, curves, top=3, merge_above=2.0)
    assert [hit.video for hit in apart] == ["a", "b", "c"]


def test_what_is_found_is_what_a_full_sort_finds(bench: Path) -> None:
    features = open_feature_folder(bench / "features")
    query = np.asarray(features[next(iter(features))].features[0], dtype=np.float32)
    curves = similarity_curves(features, query)
    every = sorted(
        (-moment.similarity, video, moment.start)
        for video, curve in curves.items()
        for moment in moments(curve)
    )
    hits = best_hits(features, curves, top=15, merge_above=2.0)
    assert [(-hit.moment.similarity, hit.video, hit.moment.start) for hit in hits] == every[:15]


def test_fire_is_found_in_the_demo_by_words(tmp_path: Path) -> None:
    request = SearchRequest(
        text="flames and black smoke", features=DEMO / "features", out=tmp_path / "hits.csv", top=3
    )
    summary = search(request, silent)
    assert summary["hits"][0]["video"] == "test_fire_001"
    with (tmp_path / "hits.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["video"] for row in rows] == [hit["video"] for hit in summary["hits"]]
    assert float(rows[0]["start_s"]) == pytest.approx(int(rows[0]["start_frame"]) / 12, abs=1e-3)


def test_learned_prompts_are_those_of_training() -> None:
    checkpoint = read_checkpoint(CHECKPOINT)
    clip = load_clip("demo", with_vision=False)
    shown = checkpoint.tensors["shown.text"]
    for row, text in zip(shown, checkpoint.meta.categories.values(), strict=True):
        np.testing.assert_allclose(encode_learned(clip, checkpoint, text), row, atol=1e-5)
    assert not np.allclose(encode_plain(clip, "a fire"), encode_learned(clip, checkpoint, "a fire"))


def test_words_that_the_clip_never_saw_are_told() -> None:
    events: list[Event] = []
    request = SearchRequest(
        text="A giraffe, a fire and the Titanic", features=DEMO / "features", checkpoint=CHECKPOINT
    )
    assert search(request, events.append)["unknown_words"] == ["giraffe", "titanic"]
    assert any(isinstance(event, Message) and "giraffe" in event.text for event in events)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("a fire, smoke.", ()),
        ("3 people", ("3",)),
        ("\U0001f525 a fire \U0001f525", ("\U0001f525",)),
        ("一个人", ("一个人",)),
        ("it's a fire", ("it's",)),
        ('a "fire" & smoke!', ()),
    ],
)
def test_numbers_signs_and_other_scripts_are_words_too(text: str, unknown: tuple[str, ...]) -> None:
    assert unknown_words(load_clip("demo", with_vision=False), text) == unknown


def test_a_long_text_is_refused_in_a_short_line() -> None:
    request = SearchRequest(text="a person running " * 70, features=DEMO / "features")
    with pytest.raises(ConfigError, match=r"has 210 tokens, and 22 fit") as error:
        search(request, silent)
    assert len(str(error.value)) < 160


def test_a_full_clip_knows_all_words(bench: Path) -> None:
    synthetic = load_clip("synthetic:ucf-like-plain:10001", with_vision=False)
    assert unknown_words(synthetic, "anything at all") == ()


def test_every_video_is_looked_at(bench: Path, run_folder: Path) -> None:
    request = SearchRequest(
        text="fighting",
        features=bench / "features",
        checkpoint=run_folder / "checkpoint.safetensors",
        top=5,
    )
    summary = search(request, silent)
    assert summary["num_videos"] == NUM_VIDEOS
    assert len(summary["hits"]) == 5


def test_what_does_not_fit_is_refused(bench: Path) -> None:
    features = DEMO / "features"
    with pytest.raises(ConfigError, match="empty"):
        SearchRequest(text=" ", features=features)
    with pytest.raises(ConfigError, match="no words in"):
        SearchRequest(text="?! -- _", features=features)
    with pytest.raises(InputError, match="no file"):
        search(SearchRequest(text="fire", features=features, checkpoint=Path("no")), silent)
    with pytest.raises(FeatureError, match="another"):
        search(
            SearchRequest(text="fire", features=bench / "features", checkpoint=CHECKPOINT), silent
        )


def test_features_of_another_clip_among_others_are_named(tmp_path: Path) -> None:
    shutil.copytree(DEMO / "features", tmp_path / "mixed")
    features = open_feature_folder(DEMO / "features")["test_fire_001"]
    assert features.meta is not None
    other = replace(features, video="zebra", meta=replace(features.meta, weight_sha256="0" * 64))
    write_features(tmp_path / "mixed" / f"zebra{SUFFIX}", other)
    with pytest.raises(FeatureError, match="features of zebra were made with"):
        search(SearchRequest(text="fire", features=tmp_path / "mixed"), silent)


def test_a_searcher_answers_again_without_loading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    towers = TextTowers()
    searcher = Searcher(towers)
    request = SearchRequest(text="a fire", features=DEMO / "features", checkpoint=CHECKPOINT)
    first = searcher.search(request, silent)
    monkeypatch.setattr("tpwng_core.run.warm.load_text_tower", None)  # cannot be called
    assert searcher.search(request, silent) == first
    other = SearchRequest(text="a person running", features=DEMO / "features")
    assert searcher.search(other, silent)["hits"] != first["hits"]
    rescorer = Rescorer(Shelf(towers))
    asked = RescoreRequest(
        video="test_fire_001",
        checkpoint=CHECKPOINT,
        features=DEMO / "features",
        text="flames and black smoke",
        out=tmp_path,
    )
    assert rescorer.rescore(asked, silent)["category"] == ["flames and black smoke"]


def test_features_that_were_extracted_again_are_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "features"
    shutil.copytree(DEMO / "features", folder)
    searcher = Searcher()
    request = SearchRequest(text="flames and black smoke", features=folder, top=1)
    assert searcher.search(request, silent)["hits"][0]["video"] == "test_fire_001"
    fire = next(folder.glob("test_fire_001*"))
    fire.unlink()
    after = searcher.search(request, silent)
    assert after["hits"][0]["video"] != "test_fire_001"
    assert after["num_videos"] == 7


def test_the_curves_of_all_videos_are_written_for_the_window(tmp_path: Path) -> None:
    path = tmp_path / "query.npz"
    text = "flames and black smoke"
    request = SearchRequest(text=text, features=DEMO / "features", curves=path)
    summary = search(request, silent)
    assert summary["curves"] == str(path)
    curves = read_query_curves(path)
    assert curves.meta["text"] == text
    assert len(curves.videos) == summary["num_videos"]
    best = summary["hits"][0]
    line = curves.videos[best["video"]]
    peak = int(line.similarity.argmax())
    assert line.edges[peak] <= best["peak_frame"] < line.edges[peak + 1]
    assert line.similarity[peak] == pytest.approx(best["similarity"], abs=1e-4)
    features = open_feature_folder(DEMO / "features")
    assert line.edges[-1] == features[best["video"]].num_frames


def test_without_a_file_the_table_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["search", "flames and black smoke", "--features", str(DEMO / "features"), "--top", "1"]
    assert main(words) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["video"] for row in rows] == ["test_fire_001"]
