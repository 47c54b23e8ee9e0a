"""What there is to act on, what the window is called by it, and what a message is about.

The session in; the needs of ``actions`` that are met, a title, a video id out. Called by the
window.
"""

from __future__ import annotations

import re

from tpwng_studio.state.session import Session

EDITING = frozenset({"edit", "segment"})
"""Needs of the actions that change labels."""


def what_is_there(session: Session) -> set[str]:
    """Needs of actions that are met: "project", "video", "edit", "segment"."""
    there = set[str]()
    if session.project is not None:
        there.add("project")
    if session.video is not None:
        there.add("video")
        if not session.is_read_only and session.recovery is None:
            there |= {"edit"} | ({"segment"} if session.num_frames else set())
    return there


def title_of(session: Session) -> str:
    """Project and video; ``[*]`` is where Qt marks what is not saved."""
    project, video = session.project, session.video
    parts = [project.name + "[*]"] if project else []
    parts += [video.id] if project and video else []
    return " – ".join([*parts, "TPWNG Studio"])


def video_meant(session: Session, text: str) -> str:
    """Id of the open video where a message names it or its file; "" where it does not."""
    video = session.video
    if video is None:
        return ""
    name = re.escape(video.id)
    is_named = str(video.path) in text or re.search(rf"(?<!\w){name}(?!\w)", text)
    return video.id if is_named else ""
