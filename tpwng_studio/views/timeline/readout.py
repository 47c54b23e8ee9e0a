"""What every row says of one frame, in words and numbers.

A frame in, one text per row out: written at the right of the rows, at the playhead or under the
mouse.
"""

from __future__ import annotations

from tpwng_core.labels import ABNORMAL, STATES, UNSET
from tpwng_studio.timecode import time_text
from tpwng_studio.views.timeline.content import Content
from tpwng_studio.views.timeline.geometry import ROW
from tpwng_studio.widgets.columns import state_at


def time_words(content: Content, frame: int) -> str:
    """The time of a frame."""
    return time_text(content.clock.time_of(frame))


def row_words(content: Content, row: str, frame: int) -> str:
    """What a row says of a frame; a dash where it says nothing."""
    if row in content.curves:
        return content.value_words(row, frame)
    if row in content.strips:
        state = state_at(content.strips[row], frame)
        return "-" if state is None or state == UNSET else STATES[state]
    return "" if row in ("overview", "ruler") else "-"


def is_abnormal(content: Content, row: str, frame: int) -> bool:
    """Whether a row takes a frame to be abnormal, so that its words may stand out."""
    if row == "psi" and row in content.curves and not content.is_psi_mute:
        value = content.curves[row].at(frame)
        return value is not None and value >= content.theta
    return row in content.strips and state_at(content.strips[row], frame) == ABNORMAL


def tip(content: Content, row: str) -> str:
    """The tooltip of a row's legend: what it is, what lies behind it, why it carries a badge."""
    lines = [ROW[row].tip]
    if row == "query":
        lines.insert(0, f"“{content.query}”, through {content.query_note}")
    if row == "attention" and content.attention:
        lines.insert(0, content.attention)
    if row in content.ghosts:
        lines.append("The thin grey line is what was kept to compare with.")
    if (badge := content.badges.get(row)) is not None:
        lines.append(f"{badge.word}: {badge.why}")
    return "\n".join(lines)
