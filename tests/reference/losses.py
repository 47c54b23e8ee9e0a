"""Eq. 10-14 for one video each (the losses of a batch are means of these), and the total.

A similarity is given as ``s[f][c]``: snippets by categories, normal last.
"""

import math

from tests.reference.linear import Matrix, Vector, dot, norm


def _highest(s: Matrix, categories: list[int]) -> float:
    return max(row[c] for row in s for c in categories)


def rank_normal(s: Matrix, margin: float = 1.0) -> float:
    """Eq. 10: a normal video matches "normal" better than any abnormal category."""
    normal = len(s[0]) - 1
    return max(0.0, margin - _highest(s, [normal]) + _highest(s, list(range(normal))))


def rank_abnormal(s: Matrix, labels: list[int], margin: float = 1.0) -> float:
    """Eq. 11: "normal" and each own label beat every category that is not a label."""
    normal = len(s[0]) - 1
    others = [c for c in range(normal) if c not in labels]
    if not others:
        return 0.0
    rival = _highest(s, others)
    first = max(0.0, margin - _highest(s, [normal]) + rival)
    second = [max(0.0, margin - _highest(s, [c]) + rival) for c in labels]
    return first + sum(second) / len(second)


def inconsistency(abnormal: Vector, normal: Vector) -> float:
    """Eq. 12: cosine of the two min-max-normalised curves of one video, from 4 snippets on."""
    if len(abnormal) < 4:
        return 0.0
    return dot(abnormal, normal) / (norm(abnormal) * norm(normal) + 1e-6)


def smoothness(curve: Vector) -> float:
    """Mean squared step between neighbours; 0 for a single snippet."""
    if len(curve) < 2:
        return 0.0
    total = 0.0
    for f in range(len(curve) - 1):
        total += (curve[f] - curve[f + 1]) ** 2
    return total / (len(curve) - 1)


def sparsity(curve: Vector) -> float:
    """Mean height."""
    return sum(curve) / len(curve)


def cross_entropy(logits: Vector, targets: Vector, weights: Vector) -> float:
    """Eq. 13, ordinary: target gamma, prediction eta, mean over snippets of weight > 0."""
    total, count = 0.0, 0.0
    for logit, gamma, weight in zip(logits, targets, weights, strict=True):
        eta = 1.0 / (1.0 + math.exp(-logit))
        total -= weight * (gamma * math.log(eta) + (1 - gamma) * math.log(1 - eta))
        count += weight
    return total / count


def overall(
    terms: dict[str, float], lambda_sparse: float = 0.1, lambda_smooth: float = 0.01
) -> float:
    """Eq. 14."""
    return (
        terms["rank_n"]
        + terms["rank_a"]
        + terms["dil"]
        + terms["cl"]
        + lambda_sparse * terms["sparse"]
        + lambda_smooth * terms["smooth"]
    )
