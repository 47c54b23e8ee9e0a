"""Labels and scores in the formats of other tools.

A file of this folder that defines ``FORMATS`` is a format. What is known of videos in, files
out; files in, labels out. Called by the verbs export, import and evaluate, and by the studio.
"""

from tpwng_core.formats.annotation import (
    Annotation,
    Mark,
    Origin,
    annotation_of_labels,
    labels_of_annotation,
)
from tpwng_core.formats.clock import Clock
from tpwng_core.formats.format import GROUPS, Format, ImportOptions
from tpwng_core.formats.items import ExportItem, ExportOptions, Source, UnknownPolicy, pseudo_runs
from tpwng_core.formats.registry import (
    FORMATS,
    discover,
    expected,
    export,
    format_named,
    import_,
    losses_of,
    preview,
    read_annotations,
    read_truth,
    sniff,
)

FORMATS.update(discover(__path__, __name__))

__all__ = [
    "FORMATS",
    "GROUPS",
    "Annotation",
    "Clock",
    "ExportItem",
    "ExportOptions",
    "Format",
    "ImportOptions",
    "Mark",
    "Origin",
    "Source",
    "UnknownPolicy",
    "annotation_of_labels",
    "discover",
    "expected",
    "export",
    "format_named",
    "import_",
    "labels_of_annotation",
    "losses_of",
    "preview",
    "pseudo_runs",
    "read_annotations",
    "read_truth",
    "sniff",
]
