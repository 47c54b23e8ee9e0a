"""MTN and GL-MHSA for one bag without padding, in plain loops; parameters are lists by name."""

import math

from tests.reference.linear import (
    Matrix,
    Vector,
    add,
    affine,
    dot,
    gelu,
    layer_norm,
    scale,
    softmax,
)


def relu(x: Matrix) -> Matrix:
    """Negative values become 0."""
    return [[max(value, 0.0) for value in row] for row in x]


def convolution(x: Matrix, weight: list, bias: Vector | None, dilation: int = 1) -> Matrix:
    """Over time with kernel 3 and zeros beyond both ends; ``weight[out][in][tap]``."""
    out = []
    for t in range(len(x)):
        row = []
        for o, taps in enumerate(weight):
            total = bias[o] if bias is not None else 0.0
            for tap in range(3):
                r = t + (tap - 1) * dilation
                if 0 <= r < len(x):
                    total += dot([taps[i][tap] for i in range(len(x[0]))], x[r])
            row.append(total)
        out.append(row)
    return out


def batch_norm(bags: list[Matrix], gain: Vector, bias: Vector) -> list[Matrix]:
    """Normalised by mean and variance over all snippets of all bags (training)."""
    everything = [row for bag in bags for row in bag]
    out = [[list(row) for row in bag] for bag in bags]
    for c in range(len(gain)):
        column = [row[c] for row in everything]
        mean = sum(column) / len(column)
        variance = sum((value - mean) ** 2 for value in column) / len(column)
        for bag in out:
            for row in bag:
                row[c] = (row[c] - mean) / math.sqrt(variance + 1e-5) * gain[c] + bias[c]
    return out


def non_local(bags: list[Matrix], p: dict) -> list[Matrix]:
    """y = A g with A = theta' phi / T; back to all channels, normalised, added."""
    mixed = []
    for x in bags:
        theta, phi, g = (
            [affine(p[f"{name}.weight"], p[f"{name}.bias"], row) for row in x]
            for name in ("theta", "phi", "g")
        )
        bag = []
        for t in range(len(x)):
            y = [0.0] * len(g[0])
            for r in range(len(x)):
                y = add(y, scale(g[r], dot(theta[t], phi[r]) / len(x)))
            bag.append(affine(p["back.weight"], p["back.bias"], y))
        mixed.append(bag)
    normed = batch_norm(mixed, p["norm.norm.weight"], p["norm.norm.bias"])
    return [
        [add(row, extra) for row, extra in zip(x, bag, strict=True)]
        for x, bag in zip(bags, normed, strict=True)
    ]


def mtn(bags: list[Matrix], p: dict) -> list[Matrix]:
    """Bags of snippets (already of length sqrt(D)) through MTN in training mode."""
    branches = []
    for index, dilation in enumerate((1, 2, 4)):
        q = part(p, f"branches.{index}.")
        branches.append(_convolve(bags, q, dilation))
    narrow = [relu([affine(p["narrow.weight"], p["narrow.bias"], row) for row in x]) for x in bags]
    branches.append(non_local(narrow, part(p, "non_local.")))
    joined = [
        [[value for branch in branches for value in branch[b][t]] for t in range(len(x))]
        for b, x in enumerate(bags)
    ]
    fused = _convolve(joined, part(p, "fuse."), 1)
    return [
        [add(row, extra) for row, extra in zip(x, bag, strict=True)]
        for x, bag in zip(bags, fused, strict=True)
    ]


def gl_mhsa(x: Matrix, p: dict) -> Matrix:
    """One bag (already of length sqrt(D)) through GL-MHSA without dropout."""
    x = relu(convolution(x, p["convolution.weight"], p["convolution.bias"]))
    for index in range(2):
        q = part(p, f"layers.{index}.")
        normed = [layer_norm(row, q["norm1.weight"], q["norm1.bias"]) for row in x]
        attended = _global_local(normed, q)
        x = [add(row, extra) for row, extra in zip(x, attended, strict=True)]
        for t, row in enumerate(x):
            inner = layer_norm(row, q["norm2.weight"], q["norm2.bias"])
            inner = [gelu(v) for v in affine(q["ffn.0.weight"], q["ffn.0.bias"], inner)]
            x[t] = add(row, affine(q["ffn.3.weight"], q["ffn.3.bias"], inner))
    return x


def part(p: dict, prefix: str) -> dict:
    """The parameters under a prefix, without it."""
    return {name[len(prefix) :]: value for name, value in p.items() if name.startswith(prefix)}


def _convolve(bags: list[Matrix], p: dict, dilation: int) -> list[Matrix]:
    bias = p.get("convolution.bias")
    convolved = [relu(convolution(x, p["convolution.weight"], bias, dilation)) for x in bags]
    return batch_norm(convolved, p["norm.norm.weight"], p["norm.norm.bias"])


def _global_local(x: Matrix, p: dict) -> Matrix:
    dim = len(x[0])
    width = dim // 4
    stacked = [affine(p["attention.split.weight"], None, row) for row in x]
    out = []
    for t in range(len(x)):
        joined = []
        for h in range(4):
            q, k, v, local = (
                [row[i * dim + h * width : i * dim + (h + 1) * width] for row in stacked]
                for i in range(4)
            )
            by_content = softmax([dot(q[t], key) / math.sqrt(width) for key in k])
            near = [math.exp(-abs(t - r) / math.e) for r in range(len(x))]
            by_distance = [value / sum(near) for value in near]
            for weights, values in ((by_content, v), (by_distance, local)):
                mixed = [0.0] * width
                for weight, value in zip(weights, values, strict=True):
                    mixed = add(mixed, scale(value, weight))
                joined += mixed
        out.append(affine(p["attention.out.weight"], p["attention.out.bias"], joined))
    return out
