"""A storey of the session: which videos the project has.

Files and folders in, whose videos come into the project or are found where they lie now; ids in,
whose videos go from it and come back. Between ``session_labels`` and ``session``; views see all
storeys as ``Session``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tpwng_core.errors import TpwngError
from tpwng_studio.state.session_labels import LabelSession
from tpwng_studio.state.taking_out import TakingOut


class MemberSession(LabelSession):
    """What can be done to the list of videos."""

    def add_videos(self, inputs: Sequence[Path]) -> int:
        """Add the videos of files and folders to the project; how many were new.

        Where no video is open, as of a project that had none, the first new one is.

        Raises:
            InputError: an input is missing or holds no video.
        """
        if self._project is None:
            return 0
        added = self._project.add_videos(inputs)
        self.reload_project()
        if added and self._video is None:
            self.open_video(added[0].id)
        return len(added)

    def relink(self, old: Path, new: Path) -> int:
        """Look at or below ``new`` for the videos that are gone from ``old``; how many are there.

        Raises:
            InputError: ``new`` does not exist.
        """
        if self._project is None:
            return 0
        count = self._project.relink(old, new)
        self.reload_project()
        return count

    def take_out(self, video: str, then: str = "") -> bool:
        """Have a video in the project no more, in one undoable step; whether it is out.

        Its file is not touched, and labels, scores and features stay in the project's folder under
        its id, which it gets again when it is added again.

        Args:
            video: id.
            then: the video to open where this one is open; "" for the next one of the project.
        """
        if reason := self._why_not():
            self.message.emit("warning", reason)
            return False
        ids = list(self._catalogue.items)
        if video not in ids:
            return False
        step = TakingOut(
            video=video,
            take=partial(self._take_out, video, then),
            bring=partial(self._bring_back, video, ids.index(video)),
        )
        try:
            if not self._do(step):
                return False
        except TpwngError as error:
            self.message.emit("error", f"{video} stays in the project: {error}")
            return False
        text = "its file and labels stay: undo, or add it again, to bring them back"
        self.message.emit("info", f"{video} is out of the project; {text}")
        return True

    # Steps

    def _take_out(self, video: str, then: str) -> bool:
        """Do it, where edits can be saved before; nothing happens where it is out already."""
        assert self._project is not None
        ids = list(self._catalogue.items)
        if video not in ids:
            return True
        if self.num_unsaved and not self.save():
            return False
        self._project.take_out(video)
        if video == self._video:
            place = ids.index(video)
            nearest = [*ids[place + 1 :], *reversed(ids[:place])]
            if nearest:
                self.open_video(then if then in nearest else nearest[0])
            else:
                self.close_video()
        self._forget_video(video)
        self.reload_project()
        return True

    def _bring_back(self, video: str, place: int) -> None:
        """Have it again and open it; nothing else happens where somebody added it meanwhile."""
        assert self._project is not None
        if video not in self._catalogue.items:
            self._project.bring_back(video, place)
            self.reload_project()
        self.open_video(video)

    def _forget_video(self, video: str) -> None:
        """Let go of what is known of a video that is out of the project."""
