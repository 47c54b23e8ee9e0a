"""The grammar of the command line keeps the contract's names and answers without torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tpwng_core.cli.parser import make_parser
from tpwng_core.cli.table import DEFAULT_CLIP, VERBS, WORKER
from tpwng_core.errors import ConfigError

CONTRACT = {
    "demo": "--out D --seed 0",
    "extract": "A B --out F --clip demo --stride 16 --device auto --batch-size 8 --workers 2",
    "train": "--manifest M --features F --out R --clip demo --preset ucf-crime --config C "
    "--set a.b=1 --set a.c=2 --ground-truth G --labels L --pin V --device auto --resume",
    "score": "A --checkpoint C --out S --features F --clip demo --causal --device cpu",
    "label": "A --checkpoint C --manifest M --out P --features F --clip demo --alpha 0.2 "
    "--theta 0.5 --category X",
    "evaluate": "--scores S --ground-truth G --protocol xd-violence --bootstrap 10 --strict "
    "--out report.json",
    "ablate": "--manifest M --features F --ground-truth G --train-ground-truth T --out D "
    "--tables 2,5 --seeds 3 --sensitivity --clip demo --preset custom --config C --set a.b=1 "
    "--protocol intervals --device cpu",
    "compare": "--manifest M --features F --ground-truth G --out D --methods sultani,rtfm "
    "--seeds 3 --preset ucf-crime --device auto",
    "corrections": "--manifest M --features F --ground-truth G --train-ground-truth T --out D "
    "--seeds 5 --rounds 5 --per-round 40 --round-epochs 2 --human-weight 5 --spread-labels 0.99 "
    "--preset custom --config C --set a.b=1 --clip demo --protocol intervals --device cpu",
    "inspect": "FILE",
    "export": "INPUT --format all --out P --source effective --unknown omit --slots merge "
    "--reviewed-only --pseudo P --ground-truth G --videos V --features F --scores S --fps 30",
    "import": "FILE --format ucf-crime --out L --overlaps split --with-pseudo --replace "
    "--inclusive-end --videos V --fps 30000/1001",
    "heatmap": "VIDEO --frame 7 --category A --text T --checkpoint C --clip demo --reading values "
    "--contrast --out P --device cpu",
    "frames": "VIDEO --indices 0,5,99 --out D",
    "features compare": "A B",
    "ground-truth validate": "F --protocol ucf-crime --frame-counts C",
    "synth": "ucf-like --seed 3 --out D",
    "worker": "",
}


@pytest.mark.parametrize("verb", CONTRACT)
def test_the_contract_is_understood(verb: str) -> None:
    options = make_parser().parse_args([*verb.split(), *CONTRACT[verb].split(), "--events", "json"])
    assert options.verb == verb
    assert options.events == "json"


def test_every_verb_is_in_the_contract_and_has_a_handler() -> None:
    from tpwng_core.cli.verbs import _HANDLERS

    assert {verb.name for verb in VERBS} == {*_HANDLERS, WORKER}
    assert set(CONTRACT) <= {*_HANDLERS, WORKER}


def test_the_default_clip_is_openais_with_its_activation() -> None:
    options = make_parser().parse_args(["extract", "A", "--out", "F"])
    assert options.clip == DEFAULT_CLIP == "ViT-B-16-quickgelu:openai"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["trian"], "there is no verb 'trian' (did you mean 'train'? see tpwng-core --help)"),
        (["evalute"], "did you mean 'evaluate'?"),
        (["features", "comapre"], "did you mean 'compare'? see tpwng-core features --help"),
        (["qqqq"], "there is no verb 'qqqq' (see tpwng-core --help)"),
        (["synth", "x", "--seed", "1", "--out", "o", "--events", "jsn"], "did you mean 'json'?"),
    ],
)
def test_a_mistyped_word_is_asked_about(line: list[str], words: str) -> None:
    with pytest.raises(ConfigError) as found:
        make_parser().parse_args(line)
    assert words in str(found.value)


LABEL = ["label", "x", "--checkpoint", "c", "--manifest", "m"]
TRAIN = ["train", "--manifest", "m", "--features", "f", "--out", "o"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            [*LABEL, "--out", "o", "--alhpa", ".2"],
            "there is no option '--alhpa' (did you mean '--alpha'? see tpwng-core label --help)",
        ),
        ([*LABEL, "--out", "o", "--alhpa=.2"], "there is no option '--alhpa' (did you mean"),
        ([*LABEL, "--otu", "o"], "there is no option '--otu' (did you mean '--out'?"),
        (["features", "compare", "a", "b", "--qiet"], "did you mean '--quiet'?"),
        (["--verison"], "did you mean '--version'? see tpwng-core --help)"),
        (
            [*TRAIN, "--epoch", "3"],
            "there is no option '--epoch' (did you mean '--set training.epochs=VALUE'? "
            "see tpwng-core train --help)",
        ),
        ([*TRAIN, "--batch-size", "8"], "did you mean '--set training.batch_size=VALUE'?"),
        ([*TRAIN, "--features_dir", "8"], "did you mean '--features'?"),
        ([*TRAIN, "--qqqq", "3"], "unrecognized arguments: --qqqq 3 (see tpwng-core train --help)"),
        ([*LABEL, "--out", "o", "--epoch", "3"], "unrecognized arguments: --epoch 3 (see tpwng-"),
        ([*LABEL], "the following arguments are required: --out (see tpwng-core label --help)"),
        (["--quiet", "synth", "demo"], "required: --seed, --out (see tpwng-core synth --help)"),
    ],
)
def test_a_mistyped_option_is_asked_about(line: list[str], words: str) -> None:
    with pytest.raises(ConfigError) as found:
        make_parser().parse_args(line)
    assert words in str(found.value)
    assert "\n" not in str(found.value)
    assert found.value.exit_code == 2


def test_an_option_may_be_cut_short_and_what_follows_two_dashes_is_none() -> None:
    options = make_parser().parse_args([*LABEL[:1], "--check=c", "--out=o", "--", "--alhpa"])
    assert (str(options.checkpoint), [str(path) for path in options.inputs]) == ("c", ["--alhpa"])
    with pytest.raises(ConfigError, match="are required: --checkpoint"):
        make_parser().parse_args(["label", "--out=o", "--", "--chekpoint"])


def test_a_family_says_what_its_verbs_do() -> None:
    text = " ".join(make_parser().format_help().split())
    assert "compare: how two feature files or folders differ" in text
    assert "validate: what is odd in an annotation file" in text


@pytest.mark.parametrize(
    "line", [["extract"], ["nothing"], ["train", "--resum"], ["extract", "a", "--stride", "x"]]
)
def test_a_wrong_line_is_a_configuration_error(line: list[str]) -> None:
    with pytest.raises(ConfigError, match="--help"):
        make_parser().parse_args(line)


def test_help_of_every_verb_answers_without_torch() -> None:
    code = (
        "import sys\n"
        "from tpwng_core.cli.parser import VERBS, make_parser\n"
        "for verb in VERBS:\n"
        "    try: make_parser().parse_args([*verb.name.split(), '--help'])\n"
        "    except SystemExit as ended: assert ended.code == 0\n"
        "print([m for m in ('torch', 'open_clip', 'cv2', 'numpy') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
