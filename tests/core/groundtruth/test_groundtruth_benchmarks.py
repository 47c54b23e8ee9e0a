"""Built ground truth equals the published frame labels of both benchmarks, frame for frame."""

from __future__ import annotations

import pytest

from tpwng_core.groundtruth import (
    compare_frames,
    frame_labels,
    protocol_length,
    read_frame_counts,
    read_frame_labels,
    read_ground_truth,
    sniff_protocol,
    validate,
)

TOTALS = {"ucf_crime": (290, 1_109_680, 84_128), "xd_violence": (800, 2_330_384, 537_805)}


@pytest.mark.parametrize(
    ("folder", "file", "protocol"),
    [
        ("ucf_crime", "Temporal_Anomaly_Annotation.txt", "ucf-crime"),
        ("ucf_crime", "test_frame_counts.UR-DMU.txt", "ucf-crime"),
        ("ucf_crime", "gt_segment_ucf.npy", "ucf-crime"),
        ("xd_violence", "annotations.txt", "xd-violence"),
    ],
)
def test_equals_the_published_labels_frame_for_frame(real_data, folder, file, protocol):
    published = read_frame_labels(real_data / folder / "frame_gt.PEL4VAD.npz")
    ground_truth = read_ground_truth(real_data / folder / file)
    assert sniff_protocol(real_data / folder / file) == protocol
    assert compare_frames(ground_truth, published) == []
    painted = {
        video: frame_labels(ground_truth.get(video, ()), len(frames))
        for video, frames in published.items()
    }
    num_frames = sum(map(len, painted.values()))
    num_abnormal = sum(int(labels.sum(dtype=int)) for labels in painted.values())
    assert (len(painted), num_frames, num_abnormal) == TOTALS[folder]


def test_the_inclusive_convention_does_not_equal_them(real_data):
    published = read_frame_labels(real_data / "ucf_crime" / "frame_gt.PEL4VAD.npz")
    ground_truth = read_ground_truth(real_data / "ucf_crime" / "Temporal_Anomaly_Annotation.txt")
    differing = compare_frames(ground_truth, published, "inclusive")
    assert len(differing) > 100
    assert {item.problem for item in differing} == {"frames-differ"}


def test_segments_of_vadclip_are_the_class_intervals_of_xd_violence(real_data):
    folder = real_data / "xd_violence"
    segments = read_ground_truth(folder / "gt_segment.npy")
    classes = read_ground_truth(folder / "annotations_multiclasses.txt")
    assert sum(not intervals for intervals in segments.values()) == 300
    abnormal = {video: intervals for video, intervals in segments.items() if intervals}
    assert {video: sorted(map(str, abnormal[video])) for video in abnormal} == {
        video: sorted(map(str, classes[video])) for video in classes
    }


def test_the_five_annotations_of_ucf_crime_that_end_behind_their_video_are_listed(real_data):
    folder = real_data / "ucf_crime"
    counts = read_frame_counts(folder / "test_frame_counts.UR-DMU.txt")
    found = validate(read_ground_truth(folder / "Temporal_Anomaly_Annotation.txt"), counts)
    assert {item.problem for item in found} == {"annotation-beyond-end"}
    names = ["Arson011", "Arson016", "Explosion033", "Fighting003", "Shooting015"]
    assert sorted(item.video for item in found) == [f"{name}_x264" for name in names]


def test_totals_of_ucf_crime_follow_from_the_length_convention(real_data):
    counts = read_frame_counts(real_data / "ucf_crime" / "test_frame_counts.UR-DMU.txt").values()
    assert sum(protocol_length(count, "exact") for count in counts) == 1_111_808
    assert sum(protocol_length(count, "floored-to-16") for count in counts) == 1_109_824
    assert sum(protocol_length(count, "padded-to-16") for count in counts) == 1_114_144
