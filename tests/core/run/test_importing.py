"""import: formats found out, lengths from the videos' files, labels never lost."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest

from tpwng_core.errors import ConfigError, InputError
from tpwng_core.events import Event, Message, silent
from tpwng_core.files import asset
from tpwng_core.labels import label_path, read_label_folder, read_labels
from tpwng_core.run.gathering import Sources
from tpwng_core.run.importing import ImportRequest, import_file


@pytest.fixture
def ucf(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("\ufeffa.mp4 Abuse 1 5 -1 -1\r\nb  Normal  -1  -1  -1  -1  \r\n", "utf-8")
    return path


def test_the_format_is_found_out_and_marks_line_ends_and_bom_are_no_matter(
    ucf: Path, tmp_path: Path
) -> None:
    done = import_file(ImportRequest(file=ucf, out=tmp_path / "l"), silent)
    assert done == {"format": "ucf-crime", "videos": 2, "segments": 1, "out": str(tmp_path / "l")}
    found = read_label_folder(tmp_path / "l")
    assert found["a"].category == "Abuse"
    assert [(item.start, item.end, item.provenance) for item in found["a"].segments] == [
        (1, 5, "imported")
    ]
    assert found["b"].category == "normal"


def test_lengths_and_times_come_from_the_videos(tmp_path: Path) -> None:
    miniature = asset("demo/miniature")
    beside = Sources(videos=miniature / "videos")
    request = ImportRequest(file=miniature / "annotations.txt", out=tmp_path, beside=beside)
    import_file(request, silent)
    found = read_labels(label_path(tmp_path, "test_fire_001"))
    assert (found.num_frames, found.fps) == (224, Fraction(12))


def test_what_lies_behind_the_end_is_cut_and_told(tmp_path: Path) -> None:
    miniature = asset("demo/miniature")
    path = tmp_path / "a.txt"
    path.write_text("test_fire_001  fire  200  226  300  310  \n", encoding="utf-8")
    events: list[Event] = []
    beside = Sources(scores=miniature / "scores")
    import_file(ImportRequest(file=path, out=tmp_path, beside=beside), events.append)
    found = read_labels(label_path(tmp_path, "test_fire_001"))
    assert [(item.start, item.end) for item in found.segments] == [(200, 224)]
    told = " ".join(event.text for event in events if isinstance(event, Message))
    assert "cut at its last frame, 223" in told
    assert "1 segments without a frame left out" in told


def test_labels_are_only_replaced_when_told_to(ucf: Path, tmp_path: Path) -> None:
    request = ImportRequest(file=ucf, out=tmp_path / "l")
    import_file(request, silent)
    with pytest.raises(InputError, match="there already"):
        import_file(request, silent)
    import_file(ImportRequest(file=ucf, out=tmp_path / "l", replace=True), silent)
    assert label_path(tmp_path / "l", "a").with_name("a.labels.json.bak").exists()


def test_overlaps_are_refused_or_split(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "video,start_frame,end_frame,class\nv,0,10,Abuse\nv,5,15,Arson\n", encoding="utf-8"
    )
    fps = Sources(fps=Fraction(30))
    request = ImportRequest(file=path, format="segments-csv", out=tmp_path, beside=fps)
    with pytest.raises(InputError, match="--overlaps split"):
        import_file(request, silent)
    split = ImportRequest(
        file=path, format="segments-csv", out=tmp_path, beside=fps, overlaps="split"
    )
    import_file(split, silent)
    found = read_labels(label_path(tmp_path, "v")).segments
    assert [(item.start, item.end, item.category) for item in found] == [
        (0, 5, "Abuse"),
        (5, 10, "Abuse|Arson"),
        (10, 15, "Arson"),
    ]


def test_a_frame_rate_nobody_knows_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("video,start_frame,end_frame\nv,0,10\n", encoding="utf-8")
    request = ImportRequest(file=path, format="segments-csv", out=tmp_path)
    with pytest.raises(InputError, match="--videos or --fps"):
        import_file(request, silent)


@pytest.mark.parametrize("video", ["..", "../../evil", "a/../../b"])
def test_names_never_lead_out_of_the_folder(tmp_path: Path, video: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"video,start_frame,end_frame\n{video},0,10\n", encoding="utf-8")
    beside = Sources(fps=Fraction(30))
    request = ImportRequest(file=path, format="segments-csv", out=tmp_path / "l", beside=beside)
    with suppress(InputError):  # or under a plain name
        import_file(request, silent)
    outside = [found for found in tmp_path.rglob("*.json") if found.parent != tmp_path / "l"]
    assert not outside


def test_a_file_of_no_format_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("hello\n", encoding="utf-8")
    with pytest.raises(InputError, match="looks like no format"):
        import_file(ImportRequest(file=path, out=tmp_path), silent)
    with pytest.raises(ConfigError, match="no format 'x'"):
        import_file(ImportRequest(file=path, out=tmp_path, format="x"), silent)
