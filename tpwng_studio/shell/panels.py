"""The panels in the docks, each made, and its code loaded, when it is first seen or asked for.

In: the window, whose parts are made. Out: one view per name of ``layouts.TITLES``, connected and in
its dock. Most sessions never look at most panels, and the window's start waits for none; so what
must go on unseen (jobs, rounds, the watch) lives in the window and not in a panel.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from tpwng_studio.jobs.errands import TrainingWish
    from tpwng_studio.shell.main_window import MainWindow
    from tpwng_studio.views.library import LibraryView
    from tpwng_studio.views.live import LiveView
    from tpwng_studio.views.parameters import ParametersView
    from tpwng_studio.views.retraining import RetrainView
    from tpwng_studio.views.review import ReviewView
    from tpwng_studio.views.search import SearchView
    from tpwng_studio.views.segments import SegmentsView
    from tpwng_studio.views.texts import TextsView
    from tpwng_studio.views.training import TrainingView

View = TypeVar("View", bound=QWidget)


class Panels:
    """One per window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def make(self, name: str) -> None:
        """Make the panel of that name, if it is not there yet."""
        getattr(self, name)

    @property
    def training_wish(self) -> TrainingWish | None:
        """How the training panel would train; None where it was never seen."""
        return self.training.form.wish if "training" in vars(self) else None

    @cached_property
    def library(self) -> LibraryView:
        """The videos of the project."""
        from tpwng_studio.views.library import LibraryView

        view = LibraryView(self._window.session)
        view.chosen.connect(self._window.timeline.setFocus)
        return self._place("library", view)

    @cached_property
    def review(self) -> ReviewView:
        """The review queue."""
        from tpwng_studio.views.review import ReviewView

        return self._place("review", ReviewView(self._window.session))

    @cached_property
    def search(self) -> SearchView:
        """Moments found by words."""
        from tpwng_studio.live.search import Search
        from tpwng_studio.views.search import SearchView

        window = self._window
        search = Search(window.session, window.jobs, window)
        return self._place("search", SearchView(window.session, search))

    @cached_property
    def parameters(self) -> ParametersView:
        """The sliders."""
        from tpwng_studio.views.parameters import ParametersView

        window = self._window
        view = ParametersView(window.session, window.jobs)
        view.retrain_requested.connect(window.propose_training)
        view.corrections_requested.connect(window.teach)
        return self._place("parameters", view)

    @cached_property
    def segments(self) -> SegmentsView:
        """The segments of the open video."""
        from tpwng_studio.views.segments import SegmentsView

        return self._place("segments", SegmentsView(self._window.session))

    @cached_property
    def texts(self) -> TextsView:
        """Similarities at the playhead."""
        from tpwng_studio.views.texts import TextsView

        return self._place("texts", TextsView(self._window.session))

    @cached_property
    def training(self) -> TrainingView:
        """Runs, and a new one."""
        from tpwng_studio.views.training import TrainingView

        window = self._window
        view = TrainingView(window.session, window.jobs, window.follower)
        view.dataset_asked.connect(window.dialogs.dataset)
        return self._place("training", view)

    @cached_property
    def retrain(self) -> RetrainView:
        """A round of corrections."""
        from tpwng_studio.views.retraining import RetrainView

        window = self._window
        view = RetrainView(window.session, window.retraining)
        view.dataset_asked.connect(window.dialogs.split)
        return self._place("retrain", view)

    @cached_property
    def live(self) -> LiveView:
        """A camera."""
        from tpwng_studio.views.live import LiveView

        window = self._window
        view = LiveView(window.session, window.live.watch)
        view.training_asked.connect(window.live.propose_training)
        view.set_veil(window.player.canvas.veil)
        window.player.veil_changed.connect(view.set_veil)
        return self._place("live", view)

    def _place(self, name: str, view: View) -> View:
        self._window.focus_home.calm(view)
        self._window.layouts.docks[name].setWidget(view)
        return view
