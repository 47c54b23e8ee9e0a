"""What is on screen as a line for the terminal: the command that makes the same pseudo-labels.

Settings and paths in, text out, quoted for the shell of this system. Called by the parameters
panel. No Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tpwng_core.tuning import Tuning
from tpwng_studio.exchange.shell_line import shell_line


@dataclass(frozen=True, kw_only=True)
class LabelCommand:
    """One call of ``tpwng-core label``.

    Attributes:
        source: the video, or its feature file.
        checkpoint: of the model.
        out: folder for the pseudo-labels.
        features: folder of features; None where the source is a feature file.
        manifest: who says what the videos show; needed for several categories.
        categories: of the video; () for normal, None to let the verb read one out.
        query: words of a saved query instead of a category; "" where there are none.
    """

    source: Path
    checkpoint: Path
    out: Path
    features: Path | None = None
    manifest: Path | None = None
    categories: Sequence[str] | None = None
    query: str = ""

    def words(self, tuning: Tuning) -> list[str]:
        """The command's words, unquoted."""
        words = ["tpwng-core", "label", str(self.source), "--checkpoint", str(self.checkpoint)]
        if self.features is not None:
            words += ["--features", str(self.features)]
        words += ["--out", str(self.out)]
        # To the last digit: a dragged theta may part two snippets that lie close.
        words += ["--alpha", f"{float(tuning.alpha)}", "--theta", f"{float(tuning.theta)}"]
        # All of them, for the run may have settings of its own.
        words += ["--smoothing", f"{tuning.smoothing}"]
        words += ["--min-duration", f"{tuning.min_duration}"]
        words += ["--merge-gap", f"{tuning.merge_gap}"]
        if self.query:
            words += [f"--text={self.query}"]  # words may begin with a dash
        elif self.categories is not None and len(self.categories) < 2:
            words += ["--category", self.categories[0] if self.categories else "normal"]
        elif self.categories is not None and self.manifest is not None:
            words += ["--manifest", str(self.manifest)]
        return words

    def text(self, tuning: Tuning) -> str:
        """The line to paste."""
        return f"{shell_line(self.words(tuning))}\n"
