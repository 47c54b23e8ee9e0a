"""Opens projects: one that is there, the demo, or a new one of a folder of videos.

In: a path or what the form of a new project says. Out: the session has another project, or stays
as it was and a line says why. Called by menus, drops, the first-run card and the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tpwng_core.errors import TpwngError
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.drop_zone import is_project

if TYPE_CHECKING:
    from tpwng_studio.dialogs.new_project import NewProject
    from tpwng_studio.shell.dialog_opener import DialogOpener


class ProjectOpener:
    """One per window.

    Args:
        session: gets the project.
        dialogs: ask how to make a project of a folder.
        report: hears "error" and what went wrong.
        leave: opens another project once nothing of the one before is lost by it.
    """

    def __init__(
        self,
        session: Session,
        dialogs: DialogOpener,
        report: Callable[[str, str], object],
        leave: Callable[[Callable[[], object]], object],
    ) -> None:
        self._session = session
        self._dialogs = dialogs
        self._report = report
        self._leave = leave

    def open(self, path: Path) -> None:
        """Open a project; a folder of videos asks how to make one of it."""
        if is_project(path):
            self._try(lambda: path)
        elif path.is_dir():
            self._dialogs.new_project(path)
        else:
            self._report("error", f"{path} is neither a project nor a folder of videos")

    def take(self, paths: Sequence[Path]) -> None:
        """What was dropped: a project is opened; videos go into the open project, or a new one."""
        project = next(filter(is_project, paths), None)
        if project is not None:
            self.open(project)
        elif self._session.project is not None:
            self.add(paths)
        else:
            first = paths[0]
            self._dialogs.new_project(first if first.is_dir() else first.parent)

    def add(self, paths: Sequence[Path]) -> None:
        """Add the videos of files and folders to the open project."""
        project = self._session.project
        if project is not None and project.is_read_only:
            self._report("warning", f"Nothing can be added: {project.why_read_only}")
            return
        try:
            count = self._session.add_videos(paths)
        except TpwngError as error:
            self._report("error", str(error))
        else:
            self._report("info", added_words(count))

    def open_demo(self) -> None:
        """Open the demo, a copy of the packaged one that is made at the first time."""
        from tpwng_studio.shell.dialog_opener import data_dir

        folder = data_dir() / "demo"
        if is_project(folder):
            self._try(lambda: folder)
        else:
            self._try(lambda: Project.create_demo(folder))

    def create(self, wanted: NewProject) -> None:
        """Make a project and open it."""
        self._try(lambda: Project.create(wanted.folder, [wanted.videos], **wanted.links))

    def _try(self, find: Callable[[], Path | Project]) -> None:
        """Open what is found. A folder is left to the session to open: it may be open already, and
        a second lock on it would be refused."""

        def turn() -> None:
            try:
                self._session.open_project(find())
            except TpwngError as error:
                self._report("error", str(error))

        self._leave(turn)


def added_words(count: int) -> str:
    """How many videos came into the project."""
    if not count:
        return "No video of these is new"
    return "One video was added" if count == 1 else f"{count} videos were added"
