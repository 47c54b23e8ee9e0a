"""How right the pseudo-labels of a trained model are, where the truth of training videos is known.

The truth is read here and nowhere else in a weakly supervised fit; nothing is chosen by it.
Called by ``run/fits.py``.
"""

# T snippets, D features, K categories

from __future__ import annotations

import numpy as np
import torch

from tpwng_core.datasets import VideoRecord
from tpwng_core.evaluation import auc
from tpwng_core.nn.tpwng import Tpwng
from tpwng_core.pseudolabels import PseudoLabels, infer
from tpwng_core.run.batches import BagStore
from tpwng_core.run.model import mean_over_crops
from tpwng_core.run.settings import Settings
from tpwng_core.run.study import Study
from tpwng_core.similarity import cosine_similarity, flat_below


class PseudoLabeller:
    """Makes the pseudo-labels of training videos as ``label`` does, with the mean prompt.

    Args:
        model: trained.
        store: its bags; the normal ones give the mean normality prompt.
        settings: of its run.
    """

    def __init__(self, model: Tpwng, store: BagStore, settings: Settings) -> None:
        with torch.no_grad():
            text = model.prompts()
            rows = store.normal_rows()
            model.normality.remember(rows, text[-1])
            normal = model.normality.shown(text[-1])
        self._text, self._normal = text.cpu().numpy(), normal.cpu().numpy()
        self._settings = settings.pseudolabels
        self._scale = model.sim_scale
        self._ids = list(settings.categories)

    def label(self, features: np.ndarray, record: VideoRecord) -> PseudoLabels:
        """Pseudo-labels of an abnormal video from its (T, D) rows."""
        similarity = cosine_similarity(features, self._text, self._scale)
        s_normal = cosine_similarity(features, self._normal[None], self._scale)[:, 0]
        chosen = [self._ids.index(name) for name in record.labels]
        return infer(s_normal, similarity, chosen, self._settings, flat_below(self._scale))


def pseudo_quality(
    model: Tpwng, store: BagStore, settings: Settings, study: Study
) -> dict[str, float]:
    """AUC of psi and F1 of the pseudo-labels over all snippets of abnormal training videos.

    Args:
        model: trained.
        store: its bags.
        settings: of its run.
        study: its data; ``truth`` may be empty.

    Returns:
        ``auc`` and ``f1``; empty where no truth is known or it has one kind only.
    """
    known = [record for record in store.abnormal if record.video in study.truth]
    if not known:
        return {}
    labeller = PseudoLabeller(model, store, settings)
    found = [labeller.label(mean_over_crops(study.features[item.video]), item) for item in known]
    psi = np.concatenate([item.psi for item in found])
    label = np.concatenate([item.pseudo_label for item in found]).astype(bool)
    truth = np.concatenate([study.truth[item.video] for item in known]).astype(bool)
    area = auc(psi, truth.astype(np.int8))
    if area is None:
        return {}
    f1 = 2 * int((label & truth).sum()) / max(int(label.sum()) + int(truth.sum()), 1)
    return {"auc": float(area), "f1": f1}
