"""The benchmarks' own annotation files go in and come out the same; skipped without the data."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tpwng_core.events import Event, Message, silent
from tpwng_core.formats import (
    FORMATS,
    Clock,
    ExportItem,
    ExportOptions,
    ImportOptions,
    export,
    read_annotations,
    read_truth,
    sniff,
)
from tpwng_core.groundtruth import frame_labels, read_frame_labels, read_ground_truth
from tpwng_core.run.exporting import ExportRequest, export_files
from tpwng_core.run.gathering import NOWHERE, Sources, gather
from tpwng_core.run.importing import ImportRequest, import_file

UCF = "ucf_crime/Temporal_Anomaly_Annotation.txt"
XD = "xd_violence/annotations.txt"
MULTI = "xd_violence/annotations_multiclasses.txt"
KINDS = {UCF: "ucf-crime", XD: "xd-violence", MULTI: "xd-violence-multiclass"}
LENGTH = 200_000
PER_SEGMENT = [
    item.name
    for item in FORMATS.values()
    if item.can_read and item.can_write and not item.has_curves and not item.per_video
]


@pytest.fixture
def benchmarks(real_data: Path) -> Path:
    if not (real_data / UCF).is_file():
        pytest.skip(f"no annotations in {real_data}")
    return real_data


@pytest.mark.parametrize("name", KINDS)
def test_the_files_are_told_apart(benchmarks: Path, name: str) -> None:
    assert sniff(benchmarks / name) == KINDS[name]


def test_ucf_crime_comes_out_byte_by_byte(benchmarks: Path, tmp_path: Path) -> None:
    request = ExportRequest(given=benchmarks / UCF, format="ucf-crime", out=tmp_path / "a.txt")
    export_files(request, silent)
    assert (tmp_path / "a.txt").read_bytes() == (benchmarks / UCF).read_bytes()


def test_ucf_crime_comes_out_of_labels_byte_by_byte_too(benchmarks: Path, tmp_path: Path) -> None:
    import_file(ImportRequest(file=benchmarks / UCF, out=tmp_path / "labels"), silent)
    out = tmp_path / "a.txt"
    export_files(ExportRequest(given=tmp_path / "labels", format="ucf-crime", out=out), silent)
    assert out.read_bytes() == (benchmarks / UCF).read_bytes()


@pytest.mark.parametrize("name", [XD, MULTI])
def test_xd_violence_comes_out_word_by_word(benchmarks: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "a.txt"
    export_files(ExportRequest(given=benchmarks / name, format=KINDS[name], out=out), silent)
    before, after = (path.read_text("utf-8").splitlines() for path in (benchmarks / name, out))
    assert [line.split() for line in after] == [line.split() for line in before]
    assert any(".mp4" in line for line in after) == any(".mp4" in line for line in before)


@pytest.mark.parametrize("form", PER_SEGMENT)
@pytest.mark.parametrize("name", KINDS)
def test_every_format_of_segments_gives_the_same_ground_truth(
    benchmarks: Path, tmp_path: Path, name: str, form: str
) -> None:
    fps = Fraction(30)
    items = [
        replace(item, num_frames=LENGTH, fps=fps)
        for item in gather(benchmarks / name, NOWHERE)
        if item.annotation is not None and (item.annotation.marks or form == "ucf-crime")
    ]
    wanted = {
        video: [(item.start, item.end) for item in intervals]
        for video, intervals in read_ground_truth(benchmarks / name).items()
    }
    path = export(items, form, tmp_path, ExportOptions(slots="widen"))[0]
    clocks = {item.video: Clock(fps=fps, num_frames=LENGTH) for item in items}
    found = read_truth(path, form, ImportOptions(clocks=clocks, with_pseudo=True))
    if form == "activitynet-predictions":  # detections are no ground truth
        read = read_annotations(path, form, ImportOptions(clocks=clocks))
        got = {item.video: [(mark.start, mark.end) for mark in item.marks] for item in read}
    else:
        got = {video: [(item.start, item.end) for item in said] for video, said in found.items()}
    in_order = FORMATS[form].name != "label-studio"
    for item in items:
        expected = wanted[item.video] if in_order else sorted(wanted[item.video])
        assert got[item.video] == expected, item.video


def test_exported_ucf_crime_paints_the_published_frame_labels(
    benchmarks: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.txt"
    export_files(ExportRequest(given=benchmarks / UCF, format="ucf-crime", out=out), silent)
    truth = read_ground_truth(out)
    for video, frames in read_frame_labels(benchmarks / "ucf_crime/frame_gt.PEL4VAD.npz").items():
        assert (frame_labels(truth[video], len(frames)) == frames).all(), video


def test_exported_xd_violence_paints_the_published_frame_labels(
    benchmarks: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.txt"
    export_files(ExportRequest(given=benchmarks / XD, format="xd-violence", out=out), silent)
    truth = read_ground_truth(out)
    published = read_frame_labels(benchmarks / "xd_violence/frame_gt.PEL4VAD.npz")
    for video, frames in published.items():
        assert (frame_labels(truth.get(video, ()), len(frames)) == frames).all(), video


def test_overlaps_of_xd_violence_are_kept_as_truth_and_never_flattened_in_silence(
    benchmarks: Path, tmp_path: Path
) -> None:
    said = read_annotations(benchmarks / MULTI, "xd-violence-multiclass")
    assert sum(item.has_overlaps for item in said) > 0
    assert read_truth(benchmarks / MULTI, "xd-violence-multiclass") == read_ground_truth(
        benchmarks / MULTI
    )
    request = ImportRequest(file=benchmarks / MULTI, out=tmp_path)
    with pytest.raises(Exception, match="--overlaps split"):
        import_file(request, silent)
    events: list[Event] = []
    import_file(replace(request, overlaps="split"), events.append)
    told = [event.text for event in events if isinstance(event, Message)]
    assert sum("were split" in text for text in told) == sum(item.has_overlaps for item in said)


def test_a_real_clip_gives_its_length_and_times(real_data: Path, tmp_path: Path) -> None:
    clips = real_data / "clips" / "ucf_crime"
    if not clips.is_dir():
        pytest.skip(f"no clips at {clips}")
    beside = Sources(videos=clips)
    file = clips.parent.parent / UCF
    request = ImportRequest(file=file, out=tmp_path, beside=beside)
    import_file(request, silent)
    found = {item.video: item for item in gather(tmp_path, beside)}
    clip = found["Explosion021_x264"]
    assert isinstance(clip, ExportItem)
    assert (clip.num_frames, clip.fps, clip.width) == (782, Fraction(30), 372)
