"""Eq. 5-6: min-max, the guidance curve turned so that high is abnormal, and pseudo-labels."""

from tests.reference.linear import Vector

UNIT_FLAT = 1e-4  # the flat rule of curves whose own scale is 1


def minmax(curve: Vector, flat_below: float) -> Vector:
    """(S - min) / (max - min), or zeros where the curve is flat."""
    low, high = min(curve), max(curve)
    if high - low <= flat_below:
        return [0.0] * len(curve)
    return [(value - low) / (high - low) for value in curve]


def fuse(curves: list[Vector], flat_below: float) -> Vector:
    """Saa~ of a video with several labels: the maximum after normalising each curve."""
    normalised = [minmax(curve, flat_below) for curve in curves]
    return [max(curve[f] for curve in normalised) for f in range(len(curves[0]))]


def printed_psi(s_normal: Vector, s_abnormal_norm: Vector, alpha: float, flat: float) -> Vector:
    """Eq. 5 as printed: high is normal."""
    guide = minmax(s_normal, flat)
    return [alpha * guide[f] + (1 - alpha) * (1 - s_abnormal_norm[f]) for f in range(len(s_normal))]


def abnormality(s_normal: Vector, s_abnormal_norm: Vector, alpha: float, flat: float) -> Vector:
    """Our psi: minmax of 1 - printed psi; a bag of one snippet is abnormal for certain."""
    if len(s_normal) == 1:
        return [1.0]
    turned = [1 - value for value in printed_psi(s_normal, s_abnormal_norm, alpha, flat)]
    return minmax(turned, UNIT_FLAT)


def pseudo_labels(
    s_normal: Vector, s_abnormal: list[Vector], alpha: float, theta: float, flat: float
) -> tuple[list[int], int]:
    """Eq. 6 for one abnormal video: labels, and the weight (0: left out, 1: used).

    Args:
        s_normal: similarity with the (enhanced) normal text.
        s_abnormal: one similarity curve per label of the video.
        alpha: guidance weight.
        theta: threshold.
        flat: min-max is flat below this range.
    """
    fused = fuse(s_abnormal, flat)
    if len(fused) == 1:
        return [1], 1
    psi = abnormality(s_normal, fused, alpha, flat)
    if max(fused) - min(fused) <= UNIT_FLAT or max(psi) - min(psi) <= UNIT_FLAT:
        return [0] * len(fused), 0
    return [1 if value >= theta else 0 for value in psi], 1
