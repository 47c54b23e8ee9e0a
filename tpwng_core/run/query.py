"""Words of a person as a text feature: through a run's learned prompts, or through plain CLIP.

In comes a text, out goes what snippets are compared with. Called by ``run.search`` and
``run.warm``.

Which finds more was measured by ``scripts/measure_search.py``: 90 rendered videos a seed (10,001 to
10,003) with the demo's CLIP, all phrases that its captions have for an act, the packaged
checkpoint. AP over snippets; P@10: of the first ten moments, how many have their peak in a true
interval; R@20: of the true intervals, how many hold the peak of one of the first twenty moments.
Mean and spread over seeds:

============= ======= ========= ========= =========
acts          way     AP        P@10      R@20
============= ======= ========= ========= =========
events        plain   .39 ± .01 .41 ± .03 .44 ± .01
events        learned .19 ± .03 .22 ± .02 .24 ± .04
events        chance  .02       .02       .04
ordinary      plain   .11 ± .03 .11 ± .03 .12 ± .03
ordinary      learned .07 ± .00 .06 ± .02 .07 ± .01
ordinary      chance  .05       .05       .07
============= ======= ========= ========= =========

Of single events, explosions and fires are found (AP .86 and .67 plain), robberies and fights are
not (.07 each). So plain CLIP is what the window begins with.
"""

# D features

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core.checkpoint import Checkpoint
from tpwng_core.errors import CheckpointError
from tpwng_core.nn.clip import Clip
from tpwng_core.nn.prompts import PromptLearner
from tpwng_core.run.settings import settings_of

# Letters or digits with apostrophes between them, or one sign that is neither space nor ASCII
# punctuation, such as an emoji.
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s!-/:-@\[-`{-~]")


def encode_plain(clip: Clip, text: str) -> NDArray[np.float32]:
    """(D,) feature of a text by the CLIP alone.

    Raises:
        ConfigError: the text is empty, too long, or has no token this CLIP has.
    """
    return np.asarray(clip.text.encode_texts([text])[0].cpu().numpy(), dtype=np.float32)


def encode_learned(clip: Clip, checkpoint: Checkpoint, text: str) -> NDArray[np.float32]:
    """(D,) feature of words never trained on, under a run's learned context and projection.

    The source is spec/method.md B.7.

    Raises:
        CheckpointError: the checkpoint lacks its prompts.
        ConfigError: as :func:`encode_plain`.
    """
    tables = {name: dict(table) for name, table in checkpoint.meta.config.items()}
    categories = list(checkpoint.meta.categories.values())
    prompts = PromptLearner(clip.text, categories, settings_of(tables).prompts)
    with torch.no_grad():
        for name in ("context", "text_projection"):
            getattr(prompts, name).copy_(_learned(checkpoint.tensors, f"prompts.{name}"))
        encoded = prompts.encode_new([text])
    return np.asarray(encoded[0].cpu().numpy(), dtype=np.float32)


def words_of(text: str) -> tuple[str, ...]:
    """Words and signs of a text that can mean something, in order; punctuation is none."""
    return tuple(dict.fromkeys(_WORD.findall(text.casefold())))


def unknown_words(clip: Clip, text: str) -> tuple[str, ...]:
    """The words of a text that this CLIP never saw beside a picture, in order.

    A CLIP that does not say which words it knows has seen the whole language: none is unknown.
    """
    if clip.words is None:
        return ()
    return tuple(word for word in words_of(text) if word not in clip.words)


def _learned(tensors: Mapping[str, NDArray[np.float32]], name: str) -> torch.Tensor:
    if name not in tensors:
        raise CheckpointError(f"the checkpoint lacks tensor {name}", "train it again")
    return torch.from_numpy(np.array(tensors[name]))
