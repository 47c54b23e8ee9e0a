"""All verbs and their options, as one table. Importing it imports no torch.

Called by ``parser.py``; rooms of verbs that stand apart add theirs. The worker reads the same
table, so a request's ``args`` are exactly the long options of the verb.
"""

from __future__ import annotations

from pathlib import Path

from tpwng_core.cli import (
    benching,
    correcting,
    interchange,
    looking,
    retraining,
    searching,
    watching,
)
from tpwng_core.cli.grammar import DEVICE, Verb, set_option
from tpwng_core.cli.grammar import option as _option
from tpwng_core.cli.grammar import out_option as _out
from tpwng_core.cli.grammar import path_option as _path
from tpwng_core.config import PRESETS

WORKER = "worker"
DEFAULT_CLIP = "ViT-B-16-quickgelu:openai"

_PROTOCOLS = ("ucf-crime", "xd-violence", "intervals")
_INPUTS = _option(
    "inputs",
    nargs="+",
    type=Path,
    metavar="INPUT",
    help="video files, or folders searched recursively",
)
_INPUTS_OR_FEATURES = _option(
    "inputs",
    nargs="+",
    type=Path,
    metavar="INPUT",
    help="videos, folders of them, or feature files",
)
_CLUSTER = _option(
    "--cluster", metavar="ADDRESS", help="do it on a Ray cluster: auto, or HOST:PORT of its head"
)
_CLIP_HELP = (
    "NAME:PRETRAINED, NAME:FILE with local weights, a folder with config.json and "
    "weights.safetensors, demo, or synthetic:PRESET:SEED"
)
_CLIP = _option("--clip", default=DEFAULT_CLIP, help=f"{_CLIP_HELP} (default: {DEFAULT_CLIP})")
_CLIP_OF_CHECKPOINT = _option("--clip", help=f"{_CLIP_HELP} (default: the checkpoint's)")
_FEATURES = _path("--features", "folder of feature files; new ones are kept there", metavar="DIR")
_CHECKPOINT = _path("--checkpoint", "RUN/checkpoint.safetensors", required=True)
_MANIFEST = _path(
    "--manifest", "CSV with video,label[,split], or a benchmark's list file", required=True
)
_SETTINGS = (
    _option("--preset", default="custom", choices=PRESETS, help="packaged settings"),
    _path("--config", "TOML file whose values win over the preset's"),
    set_option("one setting; wins over --config; may be repeated"),
)

_STUDY = (
    _MANIFEST,
    _path("--features", "folder of feature files", required=True, metavar="DIR"),
    _path("--ground-truth", "annotation file of the test videos", required=True),
    _out("folder for report and finished fits; a second run goes on with them"),
    _option("--seeds", dest="num_seeds", type=int, default=3, help="how many (default: 3)"),
    _path(
        "--train-ground-truth",
        "annotations of training videos: for the supervised bound and pseudo-label quality only",
    ),
    _option("--protocol", choices=_PROTOCOLS, help="kind of the annotations (default: found out)"),
    _option("--clip", help=f"{_CLIP_HELP} (default: the one the features came from)"),
    *_SETTINGS,
    DEVICE,
)

_TIDYING = (
    _option(
        "--smoothing",
        type=int,
        metavar="SNIPPETS",
        help="moving mean over psi before the threshold; 1: none (default: the run's)",
    ),
    _option(
        "--min-duration",
        type=int,
        metavar="SNIPPETS",
        help="drop abnormal segments of fewer snippets (default: the run's)",
    ),
    _option(
        "--merge-gap",
        type=int,
        metavar="SNIPPETS",
        help="first close gaps of at most so many snippets (default: the run's)",
    ),
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "demo",
        "render, extract, train, score, label and evaluate a small generated world",
        (
            _out("where videos, features, run, scores and report.html go"),
            _option("--seed", type=int, default=0, help="first of the three seeds (default: 0)"),
            DEVICE,
        ),
    ),
    Verb(
        "extract",
        "CLIP features of videos, one file per video",
        (
            _INPUTS,
            _out("folder for the feature files"),
            _CLIP,
            _option("--stride", type=int, default=16, help="frames per snippet (default: 16)"),
            _option(
                "--frames-per-snippet",
                type=int,
                default=1,
                help="1: the centre frame; n: the mean of n frames (default: 1)",
            ),
            _option("--crop", choices=("center", "ten"), default="center", help="default: center"),
            DEVICE,
            _option("--batch-size", type=int, help="frames encoded at once (default: found out)"),
            _option("--workers", type=int, help="decoding threads (default: found out)"),
            _CLUSTER,
        ),
    ),
    Verb(
        "train",
        "train TPWNG from video-level labels",
        (
            _MANIFEST,
            _path("--features", "folder of feature files", required=True, metavar="DIR"),
            _out("the run's folder"),
            _option("--clip", help=f"{_CLIP_HELP} (default: the one the features came from)"),
            *_SETTINGS,
            _path(
                "--ground-truth", "annotation file; AUC and AP of the test split in each epoch line"
            ),
            _option(
                "--protocol",
                choices=_PROTOCOLS,
                help="kind of the annotation file (default: found out)",
            ),
            _path(
                "--labels",
                "folder of <id>.labels.json: frames that people labelled are held fixed, unknown "
                "ones left out",
                metavar="DIR",
            ),
            _option(
                "--spread-labels",
                type=float,
                metavar="COSINE",
                help="give unlabelled snippets the label of one in their video that looks so much "
                "the same, e.g. 0.99",
            ),
            _path("--warm-start", "checkpoint to begin from; a correction round takes seconds"),
            _option(
                "--pin",
                metavar="VIDEO_ID",
                help="video whose curves are written to RUN/pinned whenever the run is saved",
            ),
            DEVICE,
            _option("--resume", action="store_true", help="continue the run in --out"),
        ),
    ),
    *retraining.VERBS,
    Verb(
        "score",
        "anomaly score of every frame",
        (
            _INPUTS_OR_FEATURES,
            _CHECKPOINT,
            _out("folder for the score files"),
            _FEATURES,
            _CLIP_OF_CHECKPOINT,
            _option(
                "--causal",
                action="store_true",
                help="each frame from the past only; needs a model trained causally",
            ),
            DEVICE,
            _CLUSTER,
        ),
    ),
    Verb(
        "label",
        "similarity curves, psi and pseudo-labels of videos",
        (
            _INPUTS_OR_FEATURES,
            _CHECKPOINT,
            _path("--manifest", "CSV with video,label: whose category a video has"),
            _out("folder for the pseudo-label files"),
            _FEATURES,
            _CLIP_OF_CHECKPOINT,
            _option(
                "--alpha", type=float, help="weight of normality guidance (default: the run's)"
            ),
            _option("--theta", type=float, help="threshold on psi (default: the run's)"),
            *_TIDYING,
            _option("--category", help="category id of all inputs, instead of a manifest"),
            _option("--text", help="any words instead: 'a person climbs a fence'"),
            DEVICE,
        ),
    ),
    Verb(
        "evaluate",
        "AUC, AP and the rest, of scores against ground truth",
        (
            _path(
                "--scores", "folder of score files, ours or STEM.npy", required=True, metavar="DIR"
            ),
            _path("--ground-truth", "annotation file", required=True),
            _option(
                "--protocol",
                choices=_PROTOCOLS,
                help="kind of the annotation file (default: found out)",
            ),
            _option("--bootstrap", type=int, default=0, metavar="N", help="resamples of videos"),
            _option("--strict", action="store_true", help="missing scores are an error (exit 3)"),
            _out("report.json; report.html is written beside it", metavar="FILE"),
        ),
    ),
    Verb(
        "ablate",
        "Tables 2-5 of the paper on a data set, beside the paper's numbers",
        (
            *_STUDY,
            _option("--tables", default="2,3,4,5", help="of 2,3,4,5 (default: all)"),
            _option(
                "--sensitivity",
                action="store_true",
                help="train over grids of alpha, theta and R as well",
            ),
        ),
    ),
    Verb(
        "compare",
        "TPWNG and other methods on the same features, bags and schedule",
        (
            *_STUDY,
            _option(
                "--methods",
                help="some of zero-shot,sultani,rtfm,ur-dmu,clip-tsa,vadclip,supervised "
                "(default: all)",
            ),
        ),
    ),
    *correcting.VERBS,
    Verb(
        "inspect",
        "what a file is, as JSON: video, features, checkpoint, scores, pseudo-labels, labels",
        (_option("file", type=Path, metavar="FILE", help="the file"),),
    ),
    *interchange.VERBS,
    *searching.VERBS,
    *looking.VERBS,
    *watching.VERBS,
    Verb(
        "frames",
        "exact frames of a video as PNG files",
        (
            _option("video", type=Path, metavar="VIDEO", help="the video"),
            _option("--indices", required=True, help="frame numbers from 0, e.g. 0,5,99"),
            _out("folder for STEM_000005.png"),
        ),
    ),
    Verb(
        "features compare",
        "how two feature files or folders differ, as JSON",
        (
            _option("first", type=Path, metavar="A", help="a feature file or folder"),
            _option("second", type=Path, metavar="B", help="another"),
        ),
    ),
    Verb(
        "ground-truth validate",
        "what is odd in an annotation file, as JSON; exit 3 where something is",
        (
            _option("file", type=Path, metavar="FILE", help="the annotation file"),
            _option("--protocol", choices=_PROTOCOLS, help="its kind (default: found out)"),
            _path("--frame-counts", "lengths of the videos: video,num_frames or the field's lists"),
        ),
    ),
    Verb(
        "synth",
        "write a synthetic feature benchmark",
        (
            _option("preset", metavar="PRESET", help="ucf-like, xd-like, or either with -plain"),
            _option("--seed", type=int, required=True, help="the world's number"),
            _out("folder for features, lists, text tower and parameters"),
        ),
    ),
    *benching.VERBS,
    Verb(WORKER, "run verbs asked for as JSON lines on stdin; what the studio drives", ()),
)
