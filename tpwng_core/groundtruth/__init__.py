"""Annotated intervals of a benchmark, and frame ground truth made of them.

Annotation files in, intervals per video out; 0/1 per frame where it is asked for, under a named
convention. Called by ``evaluation``, ``formats``, ``run/train.py`` and the command line.
"""

from tpwng_core.groundtruth.intervals import (
    Convention,
    GroundTruth,
    Interval,
    Length,
    frame_labels,
    overhanging,
    protocol_length,
)

__all__ = [
    "Convention",
    "GroundTruth",
    "Interval",
    "Length",
    "frame_labels",
    "overhanging",
    "protocol_length",
]
