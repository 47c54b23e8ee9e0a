"""Vectors and layers as lists of floats; what the other reference files are written in."""

import math

Vector = list[float]
Matrix = list[list[float]]


def dot(a: Vector, b: Vector) -> float:
    """Sum of products."""
    total = 0.0
    for left, right in zip(a, b, strict=True):
        total += left * right
    return total


def norm(a: Vector) -> float:
    """Euclidean length."""
    return math.sqrt(dot(a, a))


def unit(a: Vector) -> Vector:
    """``a`` scaled to length 1; the zero vector stays."""
    length = norm(a)
    return [value / length for value in a] if length > 0 else list(a)


def cosine(a: Vector, b: Vector) -> float:
    """Cosine of the angle between two vectors."""
    return dot(unit(a), unit(b))


def add(a: Vector, b: Vector) -> Vector:
    """Element-wise sum."""
    return [left + right for left, right in zip(a, b, strict=True)]


def scale(a: Vector, factor: float) -> Vector:
    """Every element times ``factor``."""
    return [value * factor for value in a]


def affine(weight: Matrix, bias: Vector | None, x: Vector) -> Vector:
    """``weight x + bias``; ``weight`` has one row per output."""
    out = [dot(row, x) for row in weight]
    return out if bias is None else add(out, bias)


def sigmoid(x: float) -> float:
    """Logistic function."""
    return 1.0 / (1.0 + math.exp(-x))


def gelu(x: float) -> float:
    """Exact GELU, by the error function."""
    return 0.5 * x * (1.0 + math.erf(x / math.sqrt(2.0)))


def layer_norm(x: Vector, gain: Vector, bias: Vector) -> Vector:
    """Zero mean and unit variance over the features, then gain and bias."""
    mean = sum(x) / len(x)
    variance = sum((value - mean) ** 2 for value in x) / len(x)
    out = []
    for value, g, b in zip(x, gain, bias, strict=True):
        out.append((value - mean) / math.sqrt(variance + 1e-5) * g + b)
    return out


def softmax(logits: Vector) -> Vector:
    """Exponentials that sum to 1."""
    top = max(logits)
    raised = [math.exp(value - top) for value in logits]
    return [value / sum(raised) for value in raised]
