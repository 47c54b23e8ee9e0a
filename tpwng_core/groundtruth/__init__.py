"""Annotated intervals of a benchmark, and frame ground truth made of them.

Annotation files in, intervals per video out; 0/1 per frame where it is asked for, under a named
convention. Called by ``evaluation``, ``formats``, ``run/train.py`` and the command line.
"""

from tpwng_core.groundtruth.intervals import (
    ANY_CATEGORY,
    Convention,
    GroundTruth,
    Interval,
    Length,
    Protocol,
    frame_labels,
    overhanging,
    protocol_length,
)
from tpwng_core.groundtruth.readers import (
    INTERVAL_COLUMNS,
    read_frame_counts,
    read_frame_labels,
    read_ground_truth,
    sniff_protocol,
)
from tpwng_core.groundtruth.validation import Mismatch, beyond_end, compare_frames, validate

__all__ = [
    "ANY_CATEGORY",
    "INTERVAL_COLUMNS",
    "Convention",
    "GroundTruth",
    "Interval",
    "Length",
    "Mismatch",
    "Protocol",
    "beyond_end",
    "compare_frames",
    "frame_labels",
    "overhanging",
    "protocol_length",
    "read_frame_counts",
    "read_frame_labels",
    "read_ground_truth",
    "sniff_protocol",
    "validate",
]
