"""Which videos there are, what they are labelled, and in which split they stand.

Reads a manifest (``video,label[,split]``) or a benchmark's own list file in its place and gives
one :class:`VideoRecord` per video. NumPy only. Called by the verbs, ``groundtruth``,
``evaluation`` and the studio.
"""

from tpwng_core.datasets.manifest import read_manifest, write_manifest
from tpwng_core.datasets.names import (
    NORMAL_NAMES,
    UCF_CRIME_CATEGORIES,
    XD_VIOLENCE_CATEGORIES,
    benchmark_labels,
    category_prompt,
    is_normal_name,
    parse_label,
    video_id,
)
from tpwng_core.datasets.records import (
    LEAST_TO_CHOOSE_BY,
    Split,
    VideoRecord,
    assign_validation,
    can_choose,
    hold_out,
)
from tpwng_core.datasets.text import Table, header_of, read_table, read_text

__all__ = [
    "LEAST_TO_CHOOSE_BY",
    "NORMAL_NAMES",
    "UCF_CRIME_CATEGORIES",
    "XD_VIOLENCE_CATEGORIES",
    "Split",
    "Table",
    "VideoRecord",
    "assign_validation",
    "benchmark_labels",
    "can_choose",
    "category_prompt",
    "header_of",
    "hold_out",
    "is_normal_name",
    "parse_label",
    "read_manifest",
    "read_table",
    "read_text",
    "video_id",
    "write_manifest",
]
