"""Files as other tools write them, which is not always as we do."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tpwng_core.errors import ConfigError, DatasetError
from tpwng_core.formats import (
    Annotation,
    ExportItem,
    ImportOptions,
    Mark,
    export,
    import_,
    read_annotations,
    read_truth,
    sniff,
)

CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<meta><job><id>7</id><size>30</size><frame_filter></frame_filter></job></meta>
<track id="0" label="fight" source="manual">
<box frame="3" keyframe="1" outside="0" xtl="1" ytl="1" xbr="5" ybr="5"></box>
<box frame="4" keyframe="0" outside="0" xtl="1" ytl="1" xbr="5" ybr="5"></box>
<box frame="5" keyframe="1" outside="1" xtl="1" ytl="1" xbr="5" ybr="5"></box>
<box frame="20" keyframe="1" outside="0" xtl="1" ytl="1" xbr="5" ybr="5"></box>
</track>
<track id="1" label="normal" source="auto">
<box frame="9" keyframe="1" outside="0" xtl="1" ytl="1" xbr="5" ybr="5"></box>
<box frame="12" keyframe="1" outside="1" xtl="1" ytl="1" xbr="5" ybr="5"></box>
</track></annotations>
"""
ELAN = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">
<HEADER MEDIA_FILE="" TIME_UNITS="{units}">
<MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/films/caf%C3%A9%20%231.mp4" MIME_TYPE="video/mp4"/>
</HEADER>
<TIME_ORDER>
<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="ts2"/>
<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="3000"/>
</TIME_ORDER>
<TIER LINGUISTIC_TYPE_REF="x" TIER_ID="events">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3">
<ANNOTATION_VALUE>Fighting</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3">
<ANNOTATION_VALUE>x</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a1">
<ANNOTATION_VALUE>note</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
</TIER></ANNOTATION_DOCUMENT>
"""
BORIS = (
    "Observation id\tMedia file name\tFPS\tBehavior\tBehavioral category\tBehavior type"
    "\tStart (s)\tStop (s)\r\n"
    "obs 1\tfilms/v.mp4\t25\tFighting\t\tSTATE\t1.0\t2.5\r\n"
    "obs 1\tfilms/v.mp4\t25\tshout\t\tPOINT\t2.0\t2.0\r\n"
    "obs 1\tfilms/v.mp4\t25\tabnormal\tAbuse\tSTATE\t4\t5\r\n"
)
VIA_CSV = (
    "# Exported using VGG Image Annotator\n# Notes:\n"
    "# CSV_HEADER = metadata_id,file_list,flags,temporal_coordinates,spatial_coordinates,metadata\n"
    '"1_x","[""v.mp4""]",0,"[1.0,2.0]","[]","{""1"":""Fighting""}"\n'
    '"1_y","[""v.mp4""]",0,"[3.0]","[]","{""1"":""shout""}"\n'
)
VIA = """{"project": {}, "config": {}, "attribute": {"1": {"aname": "E", "type": 4,
"options": {"0": "Fighting", "1": "normal"}}}, "file": {"1": {"fname": "v.mp4"}},
"view": {"1": {"fid_list": ["1"]}}, "metadata": {
"a": {"vid": "1", "z": [1, 2], "xy": [], "av": {"1": "0"}},
"b": {"vid": "1", "z": [2, 4], "xy": [], "av": {"1": "1"}},
"c": {"vid": "1", "z": [2], "xy": [2, 1, 1, 5, 5], "av": {}}}}"""
LABEL_STUDIO = """[{"id": 3, "data": {"video": "/data/upload/1/v.mp4"}, "annotations": [
{"id": 9, "completed_by": 1, "result": [
{"id": "x", "type": "timelinelabels", "from_name": "l", "to_name": "video", "origin": "manual",
 "value": {"ranges": [{"start": 166, "end": 240}, {"start": 300, "end": 300}],
 "timelinelabels": ["Abuse"]}},
{"id": "y", "type": "choices", "from_name": "c", "to_name": "video", "value": {"choices": ["a"]}}
]}], "predictions": [{"result": [{"type": "timelinelabels",
"value": {"ranges": [{"start": 1, "end": 5}], "timelinelabels": ["Abuse"]}}]}]}]"""
VTT = """WEBVTT - a title

STYLE
::cue { color: red }

NOTE a note

cue-1
01:00.000 --> 01:02.500 align:start position:10%
Fighting &amp; more

00:02:00.000 --> 00:02:01.000
normal
"""
SRT = "1\n00:00:01,000 --> 00:00:02,000\nFighting\n\n\n2\n00:00:03,5 --> 00:00:04,000\nnormal\n"


def read(tmp_path: Path, name: str, text: str, suffix: str, told: list[str] | None = None):
    path = tmp_path / f"v{suffix}"
    path.write_text(text, encoding="utf-8", newline="")
    tell = (told if told is not None else []).append
    options = ImportOptions(fps=Fraction(10), tell=tell)
    assert sniff(path) == name
    (found,) = read_annotations(path, name, options)
    return found, [(mark.start, mark.end, mark.state, mark.category) for mark in found.marks]


def test_cvat_with_interpolated_boxes_and_tracks_that_come_back(tmp_path: Path) -> None:
    found, marks = read(tmp_path, "cvat", CVAT, ".xml")
    assert marks == [
        (3, 5, "abnormal", "fight"),
        (20, 30, "abnormal", "fight"),
        (9, 12, "normal", None),
    ]
    assert found.num_frames == 30
    assert [mark.origin for mark in found.marks] == ["imported", "imported", "pseudo"]


def test_cvat_that_skips_frames_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "v.xml"
    path.write_text(CVAT.replace("<frame_filter>", "<frame_filter>step=2"), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"skips frames \(step=2\)"):
        read_annotations(path, "cvat")


def test_elan_with_tiers_floating_edges_and_references(tmp_path: Path) -> None:
    told: list[str] = []
    found, marks = read(tmp_path, "elan", ELAN.format(units="milliseconds"), ".eaf", told)
    assert found.video == "café #1"
    assert marks == [(10, 30, "abnormal", "Fighting")]
    assert told == ["v.eaf: 2 annotations of tier events have no times of their own"]
    path = tmp_path / "w.eaf"
    path.write_text(ELAN.format(units="PAL-frames"), encoding="utf-8")
    with pytest.raises(DatasetError, match="counts in PAL-frames"):
        read_annotations(path, "elan")


def test_boris_with_tabs_points_and_its_own_names(tmp_path: Path) -> None:
    told: list[str] = []
    found, marks = read(tmp_path, "boris", BORIS, ".tsv", told)
    assert found.video == "v"
    assert marks == [(10, 25, "abnormal", "Fighting"), (40, 50, "abnormal", "Abuse")]
    assert "1 point events left out" in told[0]
    path = tmp_path / "v.tsv"
    assert import_(path, "boris")[0].fps == 25


def test_via_with_options_points_and_regions(tmp_path: Path) -> None:
    told: list[str] = []
    _, marks = read(tmp_path, "via", VIA, ".json", told)
    assert marks == [(10, 20, "abnormal", "Fighting"), (20, 40, "normal", None)]
    assert len(told) == 1
    _, marks = read(tmp_path, "via-csv", VIA_CSV, ".csv", told)
    assert marks == [(10, 20, "abnormal", "Fighting")]
    assert "no stretch of time" in told[-1]


def test_label_studio_counts_from_one_and_includes_ends(tmp_path: Path) -> None:
    found, marks = read(tmp_path, "label-studio", LABEL_STUDIO, ".json")
    assert found.video == "v"
    assert marks == [
        (0, 5, "abnormal", "Abuse"),
        (165, 240, "abnormal", "Abuse"),
        (299, 300, "abnormal", "Abuse"),
    ]
    assert [mark.origin for mark in found.marks] == ["pseudo", "imported", "imported"]


def test_pseudo_labels_in_a_file_are_no_labels_unless_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "v.json"
    path.write_text(LABEL_STUDIO, encoding="utf-8")
    told: list[str] = []
    options = ImportOptions(fps=Fraction(30), tell=told.append)
    assert len(import_(path, "label-studio", options)[0].segments) == 2
    assert told == ["v: 1 pseudo-labels left out"]
    with_them = ImportOptions(fps=Fraction(30), with_pseudo=True)
    assert len(import_(path, "label-studio", with_them)[0].segments) == 3


def test_subtitles_with_styles_names_and_short_times(tmp_path: Path) -> None:
    _, marks = read(tmp_path, "webvtt", VTT, ".vtt")
    assert marks == [(600, 625, "abnormal", "Fighting & more"), (1200, 1210, "normal", None)]
    _, marks = read(tmp_path, "srt", SRT, ".srt")
    assert marks[0] == (10, 20, "abnormal", "Fighting")
    assert marks[1][1:] == (40, "normal", None)


def test_our_interval_lists_are_segments_too(tmp_path: Path) -> None:
    path = tmp_path / "v.csv"
    path.write_text(
        "video,start_frame,end_frame,category\nv.mp4,3,9,Abuse\nw,,,\n", encoding="utf-8"
    )
    assert sniff(path) == "segments-csv"
    truth = read_truth(path, "segments-csv")
    assert [(item.start, item.end, item.category) for item in truth["v"]] == [(3, 9, "Abuse")]
    assert truth["w"] == ()


@pytest.mark.parametrize("name", ["elan", "activitynet", "via", "webvtt", "boris", "label-studio"])
def test_seconds_need_a_frame_rate(tmp_path: Path, name: str) -> None:
    said = Annotation(video="v", marks=(Mark(start=1, end=5),), num_frames=9)
    with pytest.raises(ConfigError, match="--videos or --fps"):
        export(ExportItem(video="v", num_frames=9, annotation=said), name, tmp_path)


def test_several_videos_do_not_fit_into_one_file_of_a_format_of_one(tmp_path: Path) -> None:
    items = [
        ExportItem(video=name, num_frames=9, fps=Fraction(30), annotation=Annotation(video=name))
        for name in "ab"
    ]
    with pytest.raises(ConfigError, match="a file per video"):
        export(items, "elan", tmp_path / "x.eaf")
    assert len(export(items, "elan", tmp_path / "x")) == 2
