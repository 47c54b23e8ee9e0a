"""A storey of the session: edits taken back, labels of every video and sliders, in one order.

Steps and moves of sliders in; undo, redo and what they did in words out. Between
``session_overlay`` and ``session_keeping``.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from tpwng_core.errors import TpwngError
from tpwng_core.tuning import Tuning
from tpwng_studio.project.project import Project
from tpwng_studio.state.history import History, Step
from tpwng_studio.state.session_overlay import OverlaySession
from tpwng_studio.state.tuning_step import TuningStep

_STEP_ENDS_MS = 1000


class UndoSession(OverlaySession):
    """What can be taken back.

    Moves of one slider are one step until it rests, or, while a handle is held, until it is let go;
    a step that ends where it began is none.

    Signals:
        undo_changed: something else is undone or redone next.
    """

    undo_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = History()
        self._moved: frozenset[str] = frozenset()  # the sliders of the step that is being made
        self._tuning_before: Tuning | None = None
        self._is_held = False
        self._step_timer = self._single_shot(_STEP_ENDS_MS, self._on_slider_rest)

    @property
    def undo_text(self) -> str:
        """What is undone next, and in which video if it is another one; "" where nothing is."""
        return self._called(self._open_step() or self._history.last)

    @property
    def redo_text(self) -> str:
        """What is redone next; "" where nothing is."""
        return "" if self._open_step() else self._called(self._history.next)

    def undo(self) -> None:
        """Take the last edit back, of whichever video; that one is opened."""
        self._end_step()
        if step := self._history.last:
            self._walk(step, self._history.undo, "Undone", step.undone_text)

    def redo(self) -> None:
        """Do it again."""
        self._end_step()
        if step := self._history.next:
            self._walk(step, self._history.redo, "Redone", step.redone_text)

    def set_tuning(self, **changes: float | int | None) -> None:
        """Move sliders, as a step or as a part of the one that is being made.

        Raises:
            ConfigError: a value is out of range.
        """
        if frozenset(changes) != self._moved:
            self._end_step(is_held=self._is_held)
        before = self._tuning
        super().set_tuning(**changes)
        if self._tuning == before or self._project is None:
            return
        if self._tuning_before is None:
            self._tuning_before, self._moved = before, frozenset(changes)
            self.undo_changed.emit()
        self._step_timer.start()

    def hold_tuning(self, is_held: bool) -> None:
        """A person took hold of a slider or a line, or let it go: all between is one step."""
        self._end_step(is_held)

    # Steps

    def _do(self, step: Step) -> bool:
        """Make an edit; False where it could not be kept."""
        self._end_step()
        if not self._history.push(step):
            return False
        self.undo_changed.emit()
        return True

    def _walk(self, step: Step, go: Callable[[], bool], done: str, words: str) -> bool:
        """Undo or redo a step, where it is seen, and say what it was; whether it was done."""
        place = step.place
        if place is not None and place.video not in self._catalogue.items:
            text = f"{words}: {place.video} is out of the project. Add it again first"
            self.message.emit("warning", text)
            return False
        if place is not None and place.video != self._video:
            self.open_video(place.video)
            if place.frame is not None:
                self.seek(place.frame)
            done = f"{done} in {place.video}"
        try:
            if not go():
                return False
        except TpwngError as error:
            self.message.emit("error", f"{words} stays as it is: {error}")
            return False
        self.undo_changed.emit()
        self.message.emit("info", f"{done}: {words}")
        return True

    def _called(self, step: Step | None) -> str:
        """A step in words, with its video where another one is open."""
        if step is None:
            return ""
        if step.place is not None and step.place.video != self._video:
            return f"{step.text} in {step.place.video}"
        return step.text

    # Sliders

    def _open_step(self) -> TuningStep | None:
        """The step that is being made; None where no slider stands elsewhere than before."""
        before = self._tuning_before
        if before is None or before == self._tuning:
            return None
        return TuningStep(before=before, after=self._tuning, take=self._take_tuning)

    def _end_step(self, is_held: bool = False) -> None:
        """Whatever is moved next is another step; of a handle that ``is_held`` or not."""
        self._step_timer.stop()
        self._is_held = is_held
        if self._tuning_before is None:
            return
        step, self._tuning_before = self._open_step(), None
        if step is not None:
            self._history.push(step)
        self.undo_changed.emit()

    def _on_slider_rest(self) -> None:
        if not self._is_held:
            self._end_step()

    # The storeys below speak

    def _announce_video(self) -> None:
        super()._announce_video()
        self.undo_changed.emit()  # the words for an edit depend on which video is open

    def _unload_project(self, project: Project) -> None:
        self._step_timer.stop()
        self._tuning_before = None
        self._is_held, self._moved = False, frozenset()
        self._history.clear()
        super()._unload_project(project)
