"""What the settings do to the open video, in a few lines of words.

Reads the session, gives rich text: which side of theta is abnormal, how many frames hang on it,
and how well the pseudo-labels agree with what is known. Part of the parameters panel.
"""

from __future__ import annotations

from tpwng_core.labels import ABNORMAL
from tpwng_studio import theme
from tpwng_studio.state.agreement import Agreement
from tpwng_studio.state.session import Session

DELTA = 0.05


def effect_lines(session: Session) -> list[str]:
    """Lines of rich text; none without curves."""
    derived, colours = session.derived, theme.current()
    if derived is None or derived.is_normal:
        return []
    side = f'<span style="color:{colours.abnormal_text.name()}">▨ abnormal side: above theta</span>'
    if not derived.usable:
        return [side, "The curve is flat: this video says nothing and would not train."]
    runs = derived.runs
    chosen = runs.state == ABNORMAL
    num_abnormal = int((runs.end - runs.start)[chosen].sum())
    share = num_abnormal / max(session.num_frames, 1)
    num_segments = int(chosen.sum())
    plural = "" if num_segments == 1 else "s"
    return [
        side,
        f"{num_segments} segment{plural}, {share:.0%} of the frames",
        f"flips at theta ± {DELTA:g}: {session.num_flips(DELTA):,} frames",
        *_agreement_lines(session.agreement),
    ]


def _agreement_lines(found: Agreement | None) -> list[str]:
    if found is None:
        return ["no ground truth or human labels to compare with"]
    if found.f1 is None:
        return [f"against {found.against}: no abnormal frame there"]
    lines = [f"F1 <b>{found.f1:.2f}</b> against {found.against}"]
    areas = {"psi": found.psi_ap, "the score": found.score_ap}
    parts = [f"of {name} <b>{area:.2f}</b>" for name, area in areas.items() if area is not None]
    return [*lines, f"AP {', '.join(parts)}"] if parts else lines
