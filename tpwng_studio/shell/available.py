"""What there is to act on, and what the window is called by it.

The session in; the needs of ``actions`` that are met, and a title, out. Called by the window.
"""

from __future__ import annotations

from tpwng_studio.state.session import Session


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
