"""What a mark is called where a tool knows only one text per segment.

``abnormal``, ``abnormal (Abuse)``, ``normal`` or ``unknown``, and back; another tool's own word is
taken as the category of an abnormal segment. Called by the formats of annotation tools.
"""

from __future__ import annotations

import re

from tpwng_core.datasets import is_normal_name, video_id
from tpwng_core.formats.annotation import Mark
from tpwng_core.formats.items import ExportItem
from tpwng_core.labels import State

_TEXT = re.compile(r"(abnormal|normal|unknown)(?: \((.*)\))?", re.DOTALL)


def mark_text(mark: Mark) -> str:
    """A mark in one text."""
    return f"{mark.state} ({mark.category})" if mark.category else mark.state


def state_and_category(text: str) -> tuple[State, str | None]:
    """What a text says; any other word is the category of an abnormal segment."""
    found = _TEXT.fullmatch(text)
    if found:
        return found[1], found[2]  # type: ignore[return-value]
    if is_normal_name(text):
        return "normal", None
    return "abnormal", text.strip() or None


def media_name(item: ExportItem) -> str:
    """The video's file name, from which its id can be told."""
    suffix = item.path.suffix if item.path else ".mp4"
    own = item.path.name if item.path else ""
    return own if video_id(own) == item.video else f"{item.video}{suffix}"
