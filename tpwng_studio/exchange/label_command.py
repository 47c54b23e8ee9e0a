"""What is on screen as a line for the terminal: the command that makes the same pseudo-labels.

Settings and paths in, text out, quoted for the shell of this system. Called by the parameters
panel. No Qt.
"""

from __future__ import annotations

import os
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
    """

    source: Path
    checkpoint: Path
    out: Path
    features: Path | None = None
    manifest: Path | None = None
    categories: Sequence[str] | None = None

    def words(self, tuning: Tuning) -> list[str]:
        """The command's words, unquoted."""
        words = ["tpwng-core", "label", str(self.source), "--checkpoint", str(self.checkpoint)]
        if self.features is not None:
            words += ["--features", str(self.features)]
        words += ["--out", str(self.out)]
        words += ["--alpha", f"{tuning.alpha:g}", "--theta", f"{tuning.theta:g}"]
        if self.categories is not None and len(self.categories) < 2:
            words += ["--category", self.categories[0] if self.categories else "normal"]
        elif self.categories is not None and self.manifest is not None:
            words += ["--manifest", str(self.manifest)]
        return words

    def text(self, tuning: Tuning) -> str:
        """The line to paste; settings the verb does not know follow as comments."""
        line = shell_line(self.words(tuning))
        mark = "REM" if os.name == "nt" else "#"
        return "\n".join([line, *(f"{mark} {note}" for note in window_only(tuning))]) + "\n"


def window_only(tuning: Tuning) -> list[str]:
    """What the window does to psi or to segments that the verb does not, in words."""
    notes = []
    if tuning.smoothing > 1:
        notes.append(f"the window also smooths psi over {tuning.smoothing} snippets")
    if tuning.min_duration > 1:
        notes.append(f"the window also drops segments below {tuning.min_duration} snippets")
    if tuning.merge_gap:
        notes.append(f"the window also closes gaps of up to {tuning.merge_gap} snippets")
    return notes
