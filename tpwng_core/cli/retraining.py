"""The verb retrain: its options, and the way to its request.

Called by the table of verbs and by ``verbs.py``. Importing it imports neither torch nor NumPy.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from tpwng_core.cli.grammar import (
    DEVICE,
    Verb,
    option,
    out_option,
    path_option,
    require_paths,
    set_option,
)
from tpwng_core.events import Reporter
from tpwng_core.rounds import HUMAN_WEIGHT

RETRAIN = "retrain"

VERBS: tuple[Verb, ...] = (
    Verb(
        RETRAIN,
        "a round of corrections: train with what people said, score and label with what came out",
        (
            path_option("--checkpoint", "the model to teach; it stays as it is", required=True),
            path_option("--labels", "folder of <id>.labels.json", required=True, metavar="DIR"),
            path_option(
                "--manifest", "CSV with video,label[,split], or a benchmark's list", required=True
            ),
            path_option("--features", "folder of feature files", required=True, metavar="DIR"),
            out_option("the new run's folder; scores and pseudo-labels lie in it"),
            option(
                "--from-scratch",
                action="store_true",
                help="begin from fresh weights, for as many epochs as the checkpoint's run "
                "(default: from the checkpoint's weights, for seconds)",
            ),
            option(
                "--spread-labels",
                type=float,
                metavar="COSINE",
                help="as for train, e.g. 0.99",
            ),
            set_option(
                "one setting over the checkpoint's, e.g. loss.human_weight=4, what a corrected "
                f"snippet counts (default: as in the round before, at first {HUMAN_WEIGHT:g})"
            ),
            path_option("--ground-truth", "annotation file; measured on videos that do not train"),
            option(
                "--protocol",
                choices=("ucf-crime", "xd-violence", "intervals"),
                help="kind of the annotation file (default: found out)",
            ),
            option("--clip", help="as for train (default: the one the features came from)"),
            DEVICE,
            option("--resume", action="store_true", help="go on with the round in --out"),
        ),
    ),
)


def _retrain(options: Namespace, report: Reporter) -> dict[str, Any]:
    truth = options.ground_truth
    required = (options.checkpoint, options.labels, options.manifest, options.features)
    require_paths(*required, *([truth] if truth else []))
    from tpwng_core.groundtruth import read_ground_truth, sniff_protocol
    from tpwng_core.run.retrain import RetrainRequest, retrain

    protocol = options.protocol or (sniff_protocol(truth) if truth else "intervals")
    request = RetrainRequest(
        checkpoint=options.checkpoint,
        manifest=options.manifest,
        features=options.features,
        labels=options.labels,
        out=options.out,
        overrides=options.overrides,
        from_scratch=options.from_scratch,
        spread_above=options.spread_labels,
        clip=options.clip,
        ground_truth=read_ground_truth(truth, protocol) if truth else {},
        protocol=protocol,
        device=options.device,
        resume=options.resume,
    )
    return retrain(request, report)


HANDLERS = {RETRAIN: _retrain}
