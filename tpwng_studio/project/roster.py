"""Which videos a project has, and which were taken out of it.

Files and ids in, another :class:`Roster` out. A video that was taken out keeps its id and its path,
so that the same file gets that id when it is added again, and with it its labels, scores and
features; and no other file may get it meanwhile. Made and kept by ``project``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha1
from pathlib import Path

from tpwng_core.errors import InputError
from tpwng_studio.project.project_video import ProjectVideo
from tpwng_studio.project.relinking import found_again


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The videos of a project; every change gives another roster.

    Attributes:
        videos: those it has, in its order.
        taken_out: those it had.
    """

    videos: tuple[ProjectVideo, ...] = ()
    taken_out: tuple[ProjectVideo, ...] = ()

    def with_files(self, files: Iterable[ProjectVideo], text_of: Callable[[Path], str]) -> Roster:
        """The roster with the files that are not there yet, behind the others.

        A file that was taken out gets the id it had; a new one whose id is taken gets a hash.

        Args:
            files: with the ids they would have by themselves.
            text_of: how the project writes a path; the hash is made of it.
        """
        here = {video.path.resolve() for video in self.videos}
        had = {video.path.resolve(): video.id for video in self.taken_out}
        taken = {video.id for video in (*self.videos, *self.taken_out)}
        added = []
        for file in files:
            place = file.path.resolve()
            if place in here:
                continue
            name = had.get(place, file.id)
            if name in taken and place not in had:
                name = f"{file.path.stem}-{sha1(text_of(file.path).encode()).hexdigest()[:8]}"
            taken.add(name)
            added.append(replace(file, id=name))
        back = {video.id for video in added}
        left = tuple(video for video in self.taken_out if video.id not in back)
        return Roster(videos=(*self.videos, *added), taken_out=left)

    def without(self, video: str) -> Roster:
        """The roster with a video taken out.

        Raises:
            InputError: the project has no such video.
        """
        gone = [one for one in self.videos if one.id == video]
        if not gone:
            raise InputError(f"the project has no video {video}")
        kept = tuple(one for one in self.videos if one.id != video)
        return Roster(videos=kept, taken_out=(*self.taken_out, *gone))

    def with_back(self, video: str, place: int) -> Roster:
        """The roster with a video that was taken out back at ``place`` of the order.

        Raises:
            InputError: no such video was taken out.
        """
        back = [one for one in self.taken_out if one.id == video]
        if not back:
            raise InputError(f"no video {video} was taken out of the project")
        left = tuple(one for one in self.taken_out if one.id != video)
        return Roster(videos=(*self.videos[:place], *back, *self.videos[place:]), taken_out=left)

    def relinked(self, fingerprints: Mapping[str, str], old: Path, new: Path) -> Roster:
        """The roster with the videos gone from ``old`` looked for in ``new``, those taken out too.

        Args:
            fingerprints: of their content by video id, as far as they are known.
            old: absolute path of a folder or a file.
            new: absolute path of a folder or a file that exists.
        """
        found = found_again((*self.videos, *self.taken_out), fingerprints, old, new)
        num = len(self.videos)
        return Roster(videos=found[:num], taken_out=found[num:])
