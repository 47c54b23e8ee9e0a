"""Opens projects: one that is there, the demo, or a new one of a folder of videos.

In: a path or what the form of a new project says. Out: the session has another project, or stays
as it was and a line says why. Called by menus, drops, the first-run card and the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tpwng_core.errors import TpwngError
from tpwng_studio.project import Project
from tpwng_studio.session import Session
from tpwng_studio.widgets.drop_zone import is_project

if TYPE_CHECKING:
    from tpwng_studio.dialog_opener import DialogOpener
    from tpwng_studio.dialogs.new_project import NewProject


class ProjectOpener:
    """One per window.

    Args:
        session: gets the project.
        dialogs: ask how to make a project of a folder.
        report: hears "error" and what went wrong.
    """

    def __init__(
        self, session: Session, dialogs: DialogOpener, report: Callable[[str, str], object]
    ) -> None:
        self._session = session
        self._dialogs = dialogs
        self._report = report

    def open(self, path: Path) -> None:
        """Open a project; a folder of videos asks how to make one of it."""
        if is_project(path):
            self._try(lambda: Project.open(path))
        elif path.is_dir():
            self._dialogs.new_project(path)
        else:
            self._report("error", f"{path} is neither a project nor a folder of videos")

    def open_demo(self) -> None:
        """Open the demo, a copy of the packaged one that is made at the first time."""
        from tpwng_studio.dialog_opener import data_dir

        folder = data_dir() / "demo"
        if is_project(folder):
            self._try(lambda: Project.open(folder))
        else:
            self._try(lambda: Project.create_demo(folder))

    def create(self, wanted: NewProject) -> None:
        """Make a project and open it."""
        self._try(lambda: Project.create(wanted.folder, [wanted.videos], **wanted.links))

    def _try(self, make: Callable[[], Project]) -> None:
        try:
            self._session.open_project(make())
        except TpwngError as error:
            self._report("error", str(error))
