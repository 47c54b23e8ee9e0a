"""Everything the window can do, as one table: it feeds menus, palette, help and key editor.

No widgets here: ids, words, keys. ``action_set`` makes ``QAction`` objects of the table,
``bindings`` says which method of which object each id calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

Keys = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing the window can do.

    ``needs`` names what must be there: "" nothing, "project", "video", "edit" (a video that may be
    written), "segment" (a selected one that may be written). ``icon`` is a file of assets/icons.
    """

    id: str
    text: str
    group: str
    keys: Keys = ()
    tip: str = ""
    needs: str = ""
    icon: str = ""
    checkable: bool = False


def _group(
    group: str, needs: str, *rows: tuple[str, str, str] | tuple[str, str, str, str]
) -> tuple[Action, ...]:
    """Rows of (id, text, keys apart by a space, icon) that share a group and a need."""
    return tuple(
        Action(
            id=row[0],
            text=row[1],
            keys=tuple(row[2].split()),
            icon=row[3] if len(row) > 3 else "",
            group=group,
            needs=needs,
            checkable=row[0] in _CHECKABLE,
        )
        for row in rows
    )


# Only what the window itself knows; views have switches of their own beside their keys.
_CHECKABLE = frozenset(
    {"view.fullscreen", "layout.review", "layout.tune", "layout.train", "layout.live"}
)

ACTIONS: tuple[Action, ...] = (
    *_group(
        "File",
        "",
        ("file.new", "New project…", "Ctrl+N", "folder-plus"),
        ("file.open", "Open project…", "Ctrl+O", "folder"),
        ("file.demo", "Open the demo", ""),
    ),
    *_group(
        "File",
        "project",
        ("file.add_videos", "Add videos…", "Ctrl+Shift+O"),
        ("file.save", "Save now", "Ctrl+S", "save"),
        ("file.import", "Import labels…", "Ctrl+I"),
        ("file.export", "Export…", "Ctrl+E", "export"),
        ("file.relink", "Find moved videos…", ""),
    ),
    *_group("File", "edit", ("file.take_out", "Take the video out of the project", "")),
    *_group("File", "project", ("file.close", "Close project", "Ctrl+W")),
    *_group(
        "File",
        "",
        ("app.settings", "Settings…", "Ctrl+,", "settings"),
        ("app.quit", "Quit", "Ctrl+Q"),
    ),
    *_group(
        "Edit",
        "edit",
        ("edit.undo", "Undo", "Ctrl+Z", "undo"),
        ("edit.redo", "Redo", "Ctrl+Shift+Z Ctrl+Y", "redo"),
    ),
    *_group(
        "Play",
        "video",
        ("play.toggle", "Play or pause", "Space", "play"),
        ("play.back", "Play backwards; again: faster", "J"),
        ("play.stop", "Stop", "K"),
        ("play.on", "Play; again: faster", "L"),
        ("play.slower", "Slower", "Shift+J"),
        ("play.faster", "Faster", "Shift+L"),
        ("play.loop", "Loop the segment", "P", "loop"),
        ("play.mute", "Sound on or off", "Shift+M"),
    ),
    *_group(
        "Move",
        "video",
        ("move.back", "Back one frame", "Left ,"),
        ("move.on", "On one frame", "Right ."),
        ("move.back_1s", "Back 1 s", "Shift+Left"),
        ("move.on_1s", "On 1 s", "Shift+Right"),
        ("move.back_10s", "Back 10 s", "Ctrl+Left"),
        ("move.on_10s", "On 10 s", "Ctrl+Right"),
        ("move.first", "First frame", "Home"),
        ("move.last", "Last frame", "End"),
        ("move.goto", "Go to frame or time…", "G"),
    ),
    *_group(
        "Move",
        "project",
        ("move.previous_video", "Previous video", "PgUp"),
        ("move.next_video", "Next video", "PgDown"),
    ),
    *_group(
        "Segments",
        "video",
        ("segment.previous", "Previous segment", "Up"),
        ("segment.next", "Next segment", "Down"),
        ("segment.none", "Select nothing", "Esc"),
        ("segment.mark_in", "Mark the start", "I"),
        ("segment.mark_out", "Mark the end", "O"),
    ),
    *_group(
        "Segments",
        "edit",
        ("segment.create", "Make a segment of the marks; else agree", "Return Enter"),
    ),
    *_group(
        "Segments",
        "segment",
        ("segment.start_here", "Start edge to the playhead", "["),
        ("segment.end_here", "End edge to the playhead", "]"),
        ("segment.nudge_back", "Nearest edge back one frame", "Alt+Left"),
        ("segment.nudge_on", "Nearest edge on one frame", "Alt+Right"),
        ("segment.split", "Split at the playhead", "S"),
        ("segment.merge", "Merge with the next", "M"),
        ("segment.delete", "Delete the segment", "Del Backspace"),
    ),
    *_group(
        "Labels",
        "segment",
        ("state.abnormal", "Abnormal", "A"),
        ("state.normal", "Normal", "N"),
        ("state.unknown", "Unknown", "U"),
        *((f"category.{n}", f"Category {n}", str(n)) for n in range(1, 10)),
    ),
    *_group(
        "Labels",
        "edit",
        ("video.reviewed", "Video reviewed", "R", "check"),
        ("video.accept", "Accept the video's pseudo-labels", "Shift+R"),
    ),
    *_group(
        "Review",
        "video",
        ("review.next", "Next item of the review queue", "Tab"),
        ("review.previous", "Previous item of the review queue", "Shift+Tab"),
    ),
    *_group(
        "View",
        "video",
        ("view.zoom_in", "Zoom in", "+ ="),
        ("view.zoom_out", "Zoom out", "-"),
        ("view.fit", "Show the whole video", "F"),
        ("view.segment", "Zoom to the segment", "Z"),
        ("view.blur", "Blur the picture", "B", "blur"),
        ("view.overlay", "Scores on the picture", "H"),
        ("view.heat", "Where in the picture it matches", "Shift+H"),
        ("view.attention", "What the detector looked at", "Shift+A"),
        ("view.keep_ghost", "Keep these curves to compare (A/B)", "X"),
        ("view.drop_ghost", "Drop the kept curves", "Shift+X"),
    ),
    *_group(
        "View",
        "project",
        ("layout.review", "Layout: Review", "Ctrl+1"),
        ("layout.tune", "Layout: Tune", "Ctrl+2"),
        ("layout.train", "Layout: Train", "Ctrl+3"),
        ("layout.live", "Layout: Live", "Ctrl+4"),
        ("layout.reset", "Reset this layout", ""),
        ("view.next_panel", "Next panel", "F6"),
        ("view.previous_panel", "Previous panel", "Shift+F6"),
        ("view.filter", "Find a video by name", "Ctrl+F"),
        ("view.search", "Search in words", "Ctrl+Shift+F /", "search"),
    ),
    *_group(
        "View",
        "",
        ("view.theme", "Light or dark", "Ctrl+Shift+L"),
        ("view.fullscreen", "Full screen", "F11"),
    ),
    *_group(
        "Run",
        "project",
        ("run.dataset", "Dataset: videos, categories, split…", "Ctrl+D"),
        ("run.train", "Extract, train and score…", "Ctrl+T"),
        ("run.retrain", "Retrain with my corrections…", "Ctrl+Shift+T"),
        ("run.watch", "Watch a live source…", "Ctrl+Shift+W", "eye"),
        ("run.copy_search", "Copy the search as tpwng-core command", ""),
    ),
    *_group(
        "Run",
        "video",
        ("run.rescore", "Re-score this video", "Ctrl+R"),
        ("run.copy_command", "Copy as tpwng-core command", "Ctrl+Shift+C"),
    ),
    *_group(
        "Help",
        "",
        ("app.palette", "Find a command…", "Ctrl+Shift+P", "search"),
        ("app.help", "Keys at a glance", "?", "help"),
        ("app.keys", "Change keys…", ""),
        ("app.about", "About TPWNG Studio", ""),
    ),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
GROUPS: Keys = tuple(dict.fromkeys(action.group for action in ACTIONS))


def portable(key: str) -> str:
    """One spelling for one key: ``"pgup"`` and ``"PgUp"`` are the same; "" when it is no key."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def shown(keys: Iterable[str]) -> str:
    """Keys as this desktop writes them, e.g. ``"Space or K"``."""
    native = QKeySequence.SequenceFormat.NativeText
    written = (_SHORT.get(key, QKeySequence(key).toString(native)) for key in keys)
    return " or ".join(dict.fromkeys(written))


# Signs are read faster than words.
_SHORT = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter"}


def effective_keys(changed: Mapping[str, Sequence[str]]) -> dict[str, Keys]:
    """Keys of every action, those the user ``changed`` in place of the table's."""
    return {action.id: tuple(changed.get(action.id, action.keys)) for action in ACTIONS}


def conflicts(keys: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Keys that more than one action claims.

    Args:
        keys: keys by action id.

    Returns:
        The ids by key, only for keys with two or more.
    """
    claims: dict[str, list[str]] = {}
    for name, sequences in keys.items():
        for key in sequences:
            claims.setdefault(portable(key), []).append(name)
    return {key: names for key, names in claims.items() if len(names) > 1}
