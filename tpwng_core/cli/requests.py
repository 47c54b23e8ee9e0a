"""The worker's requests: a JSON line in, something to run, to stop or to cancel out.

A verb's ``args`` are its long options, ``_`` for ``-``; they become the words of a command line
and go through its parser, so that both doors know the same options and give the same errors.
"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tpwng_core.cli.parser import make_parser
from tpwng_core.cli.table import VERBS, WORKER
from tpwng_core.config import did_you_mean
from tpwng_core.errors import ConfigError

RESCORE = "rescore"
RequestId = int | str
_RUNNABLE = {verb.name: verb for verb in VERBS if verb.name != WORKER}


@dataclass(frozen=True)
class Run:
    """Run a verb."""

    id: RequestId
    verb: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class End:
    """End another request: stop keeps what is done, cancel discards it."""

    id: RequestId | None
    target: RequestId
    how: Literal["stop", "cancel"]


Request = Run | End


class RequestError(ConfigError):
    """A line that is no request.

    Args:
        message: what is wrong.
        request_id: the request's number, where it could be read.
    """

    def __init__(self, message: str, request_id: RequestId | None = None) -> None:
        super().__init__(message, 'one JSON object a line: {"id": 1, "verb": "score", "args": {}}')
        self.request_id = request_id


def read_request(line: bytes) -> Request:
    """The request of a line.

    Raises:
        RequestError: it is no JSON object, or neither asks for a verb nor ends a request.
    """
    try:
        content = json.loads(line)
    except ValueError as error:  # also bytes that are no UTF-8
        raise RequestError(f"a line is no JSON: {error}") from error
    if not isinstance(content, dict):
        raise RequestError("a line is no JSON object")
    number = content.get("id")
    if number is not None and not _is_id(number):
        raise RequestError("a request's id must be a number or a text")
    kinds = [key for key in ("verb", "stop", "cancel") if key in content]
    if len(kinds) != 1:
        raise RequestError("a request needs one of verb, stop, cancel", number)
    if kinds[0] != "verb":
        if not _is_id(content[kinds[0]]):
            raise RequestError(f"{kinds[0]} needs the id of a request", number)
        return End(number, content[kinds[0]], "stop" if kinds[0] == "stop" else "cancel")
    args = content.get("args", {})
    if number is None or not isinstance(content["verb"], str) or not isinstance(args, dict):
        raise RequestError("to run a verb, give id, verb and args (an object)", number)
    return Run(number, content["verb"], args)


def parse_run(request: Run) -> Namespace:
    """A verb's options, as the command line would have parsed them.

    Raises:
        ConfigError: there is no such verb or option, or a value is wrong.
    """
    verb = _RUNNABLE.get(request.verb)
    if verb is None:
        verbs = [*_RUNNABLE, RESCORE]
        raise ConfigError(f"there is no verb {request.verb!r}", did_you_mean(request.verb, verbs))
    known = {_key(option.names[0]): option for option in verb.options}
    words: list[str] = []
    for key, value in request.args.items():
        if key not in known:
            raise ConfigError(f"{verb.name} has no option {key!r}", did_you_mean(key, known))
        name = known[key].names[0]
        if known[key].keywords.get("action") == "store_true":
            words += _flag(name, value)
        elif name.startswith("-"):
            words += [f"{name}={text}" for text in _texts(value)]
    places = [key for key, option in known.items() if not option.names[0].startswith("-")]
    positional = [text for key in places for text in _texts(request.args.get(key))]
    rest = ["--", *positional] if positional else []
    return make_parser().parse_args([*verb.name.split(), "--events=json", *words, *rest])


def _is_id(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _key(name: str) -> str:
    return name.lstrip("-").replace("-", "_")


def _flag(name: str, value: Any) -> list[str]:
    if not isinstance(value, bool | None):
        raise ConfigError(f"{_key(name)} is true or false, not {value!r}")
    return [name] if value else []


def _texts(value: Any) -> Sequence[str]:
    """The words of a value: none of null, several of a list."""
    if value is None:
        return []
    if isinstance(value, list):
        return [str(item) for item in value]
    return [str(value)]
