"""A question about the frame at the playhead, asked of the warm worker once the playhead rests.

What is wanted comes in from the one who asks; the answer, or the words why there is none, is kept
and goes out. Asked only while switched on, and never twice. :mod:`.attention` and :mod:`.heat` ask
so. No widgets.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QDir, QObject, QTemporaryDir, QTimer, Signal

from tpwng_core.errors import ArtifactError
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.state.session import Session

_NUM_KEPT = 512

WantedT = TypeVar("WantedT", bound=Hashable)
AnswerT = TypeVar("AnswerT")


class RestingQuestion(QObject, Generic[WantedT, AnswerT]):
    """Asks what :meth:`_wanted` says once nothing has changed for a while.

    A subclass says what is wanted, how it is asked and read, and calls :meth:`_look` whenever
    something else may be wanted.

    Signals:
        changed: on or off, something else is wanted, or an answer is there.
        failed: the worker's words why there is no answer.

    Args:
        session: what is on screen.
        jobs: the warm worker.
        parent: the owner.

    Attributes:
        NAME: of the folder for answers.
        REST_MS: how long the playhead rests before it is asked.
    """

    NAME: ClassVar[str]
    REST_MS: ClassVar[int]

    changed = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._is_on = False
        self._asked: tuple[int, WantedT] | None = None
        self._kept: OrderedDict[WantedT, AnswerT | str] = OrderedDict()
        self._folder: QTemporaryDir | None = None
        self._rest = QTimer(self, singleShot=True, interval=self.REST_MS)
        self._rest.timeout.connect(self._ask)
        jobs.live_answer.connect(self._on_answer)
        jobs.live_failed.connect(self._on_failure)

    @property
    def is_on(self) -> bool:
        """Whether answers are wanted."""
        return self._is_on

    @property
    def found(self) -> AnswerT | None:
        """The answer for the playhead, where it is there."""
        wanted = self._shown_now()
        found = self._kept.get(wanted) if wanted is not None else None
        return None if isinstance(found, str) else found

    def toggle(self) -> None:
        """Ask, or ask no more."""
        self._is_on = not self._is_on
        self._look()
        self.changed.emit()

    # What a subclass says

    @abstractmethod
    def _wanted(self) -> WantedT | None:
        """What is wanted now; None while off or where it cannot be."""

    @abstractmethod
    def _request(self, wanted: WantedT, out: Path) -> int:
        """Ask the worker to write the answer; the number of the request."""

    @abstractmethod
    def _read(self, path: Path) -> AnswerT:
        """The answer that the worker wrote; ArtifactError where it cannot be read."""

    def _shown_now(self) -> WantedT | None:
        """Whose answer is shown."""
        return self._wanted()

    # What all share

    @property
    def _has_checkpoint(self) -> bool:
        project = self._session.project
        return project is not None and project.checkpoint is not None

    def _look(self) -> None:
        """Wait for rest, unless nothing is wanted or it is known."""
        wanted = self._wanted()
        if wanted is None or wanted in self._kept:
            self._rest.stop()
        else:
            self._rest.start()

    def _ask(self) -> None:
        wanted = self._wanted()
        if wanted is None or wanted in self._kept:
            return
        if self._asked is not None and self._asked[1] == wanted:
            return
        if self._folder is None:
            self._folder = QTemporaryDir(str(Path(QDir.tempPath()) / f"tpwng-{self.NAME}-XXXXXX"))
        self._asked = (self._request(wanted, Path(self._folder.path()) / "frame.npz"), wanted)

    def _keep(self, wanted: WantedT, found: AnswerT | str) -> None:
        self._kept[wanted] = found
        while len(self._kept) > _NUM_KEPT:
            self._kept.popitem(last=False)

    def _on_answer(self, number: int, summary: dict[str, Any]) -> None:
        if self._asked is None or self._asked[0] != number:
            return
        wanted, self._asked = self._asked[1], None
        try:
            self._keep(wanted, self._read(Path(summary["out"])))
        except ArtifactError as error:
            self._keep(wanted, str(error))
        self.changed.emit()

    def _on_failure(self, number: int, why: str) -> None:
        if self._asked is None or self._asked[0] != number:
            return
        wanted, self._asked = self._asked[1], None
        self._keep(wanted, why)
        self.changed.emit()
        self.failed.emit(why)


def changed_ns(checkpoint: Path) -> int:
    """When a checkpoint was written, in nanoseconds; 0 where it is not there."""
    return checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
