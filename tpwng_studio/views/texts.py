"""Texts at the playhead: how well the snippet on screen matches each learned prompt.

Reads the similarities of the open video from the session; follows the playhead and paints only
when it enters another snippet. Placed by the main window.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tpwng_core.datasets import is_normal_name
from tpwng_studio.state.session import Session
from tpwng_studio.timecode import time_text
from tpwng_studio.widgets.scrolled import fill_scrolled
from tpwng_studio.widgets.similarity_bars import BarRow, SimilarityBars

_NO_VIDEO = "No video open."
_NO_CURVES = "No similarities for this video yet: score it first."
_OTHER_TEXTS = "The similarities are of another checkpoint than the project's: label again."


class TextsView(QWidget):
    """Bars of similarity with each text, at the playhead.

    Args:
        session: what is on screen.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("texts")
        self._session = session
        self._snippet = -1
        self._matrix = np.empty((0, 0), dtype=np.float32)
        self._own: tuple[str, ...] = ()
        self._title = QLabel()
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.bars = SimilarityBars()
        self.bars.setAccessibleName("Similarity of the current snippet with each text")
        self._place()
        for signal in (session.curves_changed, session.video_changed):
            signal.connect(self._on_curves)
        session.labels_changed.connect(self._on_category)
        session.playhead_changed.connect(self._on_playhead)
        self._on_curves()

    def _place(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 6, 8, 6)
        for widget in (self._title, self.bars, self.note):
            column.addWidget(widget)
        column.addStretch()
        fill_scrolled(self, inside)

    def _on_curves(self) -> None:
        curves, model = self._session.curves, self._session.model
        self._snippet = -1
        texts = {} if model is None else model.categories
        if curves is not None:
            texts = curves.meta.get("categories", texts)  # words of a person are one more
        fits = curves is not None and curves.similarity.shape[1] == len(texts)
        self.bars.setVisible(fits)
        self.note.setVisible(not fits)
        if curves is None or not fits:
            self._matrix = np.empty((0, 0), dtype=np.float32)
            self._title.hide()
            self.note.setText(self._why_empty())
            return
        self._title.show()
        # The last column is the normal text as learned; s_normal is it after NVP (Eq. 4).
        self._matrix = np.column_stack([curves.similarity, curves.s_normal])
        self._own = self._session.used_categories
        self.bars.set_rows(
            _rows(self._session, texts), float(self._matrix.min()), float(self._matrix.max())
        )
        self._on_playhead(self._session.playhead)

    def _why_empty(self) -> str:
        if self._session.video is None:
            return _NO_VIDEO
        return _NO_CURVES if self._session.curves is None else _OTHER_TEXTS

    def _on_category(self) -> None:
        if len(self._matrix) and self._session.used_categories != self._own:
            self._on_curves()

    def _on_playhead(self, frame: int) -> None:
        curves = self._session.curves
        if curves is None or not len(self._matrix):
            return
        snippet = max(int(np.searchsorted(curves.snippet_start, frame, side="right")) - 1, 0)
        if snippet == self._snippet:
            return
        self._snippet = snippet
        start = int(curves.snippet_start[snippet])
        self._title.setText(f"Snippet {snippet} · {time_text(self._session.time_of(start))}")
        self.bars.set_values(self._matrix[snippet])


def _rows(session: Session, texts: Mapping[str, str]) -> list[BarRow]:
    """A row for each text, the enhanced normal text last."""
    own = {name.casefold() for name in session.used_columns}
    said = session.video is not None and session.video.category and not session.video.is_assumed
    assumed = "" if said else " (assumed: nobody said so)"
    rows = []
    for category, text in texts.items():
        is_own = category.casefold() in own
        mark = f"; this video's category{assumed}" if is_own else ""
        tip = (
            f"{category}: match of the picture with the learned prompt “{text}”{mark}.\n"
            "Bars run from the lowest to the highest match anywhere in this video."
        )
        normal = is_normal_name(category)
        rows.append(BarRow(name=text, tip=tip, is_own=is_own, is_normal=normal))
    tip = "The text of normal after it has seen normal pictures (NVP); psi is made with this one."
    return [*rows, BarRow(name="normal + NVP", tip=tip, is_normal=True)]
