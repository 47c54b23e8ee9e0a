"""What people said about videos: the overlay, its files and its journal.

Segments and states in, files out; NumPy only. Called by formats, training and the studio.
"""

from tpwng_core.labels.journal import Journal, JournalEntry
from tpwng_core.labels.overlay import LabelSegment, Provenance, VideoLabels, effective_runs
from tpwng_core.labels.states import (
    ABNORMAL,
    NORMAL,
    STATES,
    UNKNOWN,
    UNSET,
    VALUES,
    Runs,
    State,
    overlaid,
)
from tpwng_core.labels.store import (
    SUFFIX,
    label_path,
    read_label_folder,
    read_labels,
    write_labels,
)

__all__ = [
    "ABNORMAL",
    "NORMAL",
    "STATES",
    "SUFFIX",
    "UNKNOWN",
    "UNSET",
    "VALUES",
    "Journal",
    "JournalEntry",
    "LabelSegment",
    "Provenance",
    "Runs",
    "State",
    "VideoLabels",
    "effective_runs",
    "label_path",
    "overlaid",
    "read_label_folder",
    "read_labels",
    "write_labels",
]
