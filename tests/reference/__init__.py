"""The paper's Eq. 1-14, as spec and paper settle them, in plain Python loops over floats.

Every equation test compares the product with these. Nothing here imports the product, torch or
NumPy, so that a mistake cannot be shared. Slow and obvious on purpose.
"""

from tests.reference.attention import chi, masked_attention, span, tcsal_layer
from tests.reference.labels import abnormality, fuse, minmax, pseudo_labels
from tests.reference.linear import affine, cosine, gelu, layer_norm, norm, sigmoid, unit
from tests.reference.losses import (
    cross_entropy,
    inconsistency,
    overall,
    rank_abnormal,
    rank_normal,
    smoothness,
    sparsity,
)
from tests.reference.text import aggregate, enhance, frame_similarity, prompt_rows

__all__ = [
    "abnormality",
    "affine",
    "aggregate",
    "chi",
    "cosine",
    "cross_entropy",
    "enhance",
    "frame_similarity",
    "fuse",
    "gelu",
    "inconsistency",
    "layer_norm",
    "masked_attention",
    "minmax",
    "norm",
    "overall",
    "prompt_rows",
    "pseudo_labels",
    "rank_abnormal",
    "rank_normal",
    "sigmoid",
    "smoothness",
    "span",
    "sparsity",
    "tcsal_layer",
    "unit",
]
