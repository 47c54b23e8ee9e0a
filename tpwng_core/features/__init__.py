"""Features: one file per video, with where they come from; published ``.npy`` features too.

Written by ``run.extract``, read by training, scoring and labelling. Readable without torch.
"""

from tpwng_core.features.compare import FeatureComparison, VideoComparison, compare_features
from tpwng_core.features.folder import FeatureFolder, is_feature_file, open_feature_folder
from tpwng_core.features.published import read_published
from tpwng_core.features.records import FeatureMeta, FeatureSet, feature_key
from tpwng_core.features.store import SUFFIX, read_features, read_meta, write_features

__all__ = [
    "SUFFIX",
    "FeatureComparison",
    "FeatureFolder",
    "FeatureMeta",
    "FeatureSet",
    "VideoComparison",
    "compare_features",
    "feature_key",
    "is_feature_file",
    "open_feature_folder",
    "read_features",
    "read_meta",
    "read_published",
    "write_features",
]
