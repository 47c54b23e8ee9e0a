"""Lists out of an object ``.npy``, whose content is a pickle, without unpickling it.

Unpickling a stranger's file runs whatever it says, and even a restricted ``pickle.Unpickler``
allocates 64 GB for a memo index in a file of seven bytes. So the pickle's opcodes are only read
(``pickletools``) and the few that spell out lists, tuples, text and numbers are followed here:
nothing is imported, nothing is called. Called by ``vadclip.py``.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable
from pathlib import Path
from tokenize import TokenError
from typing import Any, Final

import numpy as np

from tpwng_core.errors import DatasetError

_MAX_BYTES = 16 * 2**20  # XD-Violence's file has 52 kB
_ARRAY_NAMES = {"numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct"}
_NAMES = {*_ARRAY_NAMES, "numpy ndarray", "numpy dtype"}
_MARK: Final = object()
# What damaged content runs into; NumPy tokenizes the header.
_BROKEN = (
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    TokenError,
)


def read_object_array(path: Path) -> list[Any]:
    """Elements of a one-dimensional object ``.npy``: text, numbers, lists and tuples only.

    Raises:
        DatasetError: the file is missing, too large, damaged, no such array, or asks for
            anything that could run.
    """
    hint = "get the published file again"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}", "check the path") from error
    if len(data) > _MAX_BYTES:
        raise DatasetError(f"{path} is too large for a segment file", hint)
    stream = io.BytesIO(data)
    try:
        np.lib.format.read_magic(stream)
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
        if not dtype.hasobject or len(shape) != 1:
            raise ValueError("it is no one-dimensional object array")
        return _elements(_Follower().follow(stream), shape[0])
    except _BROKEN as error:
        raise DatasetError(f"{path} is no list of segments: {error}", hint) from error


def _elements(made: Any, count: int) -> list[Any]:
    """The list in the state of a reconstructed array: (version, shape, dtype, order, list)."""
    if not isinstance(made, _Made) or made.name not in _ARRAY_NAMES:
        raise ValueError("it holds no array")
    items = made.state[-1]
    if not isinstance(items, list) or len(items) != count:
        raise ValueError(f"it does not hold {count} elements")
    return items


class _Made:
    """What a call in the pickle would have made: its name, and the state set afterwards."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state: Any = ()


class _Follower:
    """Stack and memo of a pickle that may build plain values only."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._actions: dict[str, Callable[[Any], None]] = {
            **dict.fromkeys(("PROTO", "FRAME"), lambda _: None),
            **dict.fromkeys(_LITERALS, self._stack.append),
            "NONE": lambda _: self._stack.append(None),
            "NEWTRUE": lambda _: self._stack.append(True),
            "NEWFALSE": lambda _: self._stack.append(False),
            "MARK": lambda _: self._stack.append(_MARK),
            "EMPTY_LIST": lambda _: self._stack.append([]),
            "EMPTY_TUPLE": lambda _: self._stack.append(()),
            "TUPLE1": lambda _: self._tuple(1),
            "TUPLE2": lambda _: self._tuple(2),
            "TUPLE3": lambda _: self._tuple(3),
            "TUPLE": lambda _: self._stack.append(tuple(self._pop_to_mark())),
            "APPEND": lambda _: self._extend([self._stack.pop()]),
            "APPENDS": lambda _: self._extend(self._pop_to_mark()),
            **dict.fromkeys(("BINPUT", "LONG_BINPUT"), self._remember),
            "MEMOIZE": lambda _: self._remember(len(self._memo)),
            **dict.fromkeys(("BINGET", "LONG_BINGET"), self._recall),
            "GLOBAL": self._name,
            "STACK_GLOBAL": lambda _: self._name(" ".join(self._pop(2))),
            "REDUCE": lambda _: self._make(),
            "BUILD": lambda _: self._set_state(),
        }

    def follow(self, stream: io.BytesIO) -> Any:
        """The value that the pickle in ``stream`` spells out.

        Raises:
            ValueError: it asks for a name or an opcode that has no place in a list. Other
                errors of the module's ``_BROKEN`` mean that it is damaged.
        """
        for opcode, argument, _ in pickletools.genops(stream):
            if opcode.name == "STOP":
                break
            if opcode.name not in self._actions:
                raise ValueError(f"it uses {opcode.name}, which no list needs")
            self._actions[opcode.name](argument)
        return self._stack[-1]

    def _pop(self, count: int) -> list[Any]:
        if len(self._stack) < count:
            raise IndexError("its stack is empty")
        items = self._stack[-count:]
        del self._stack[-count:]
        return items

    def _pop_to_mark(self) -> list[Any]:
        items: list[Any] = []
        while (item := self._stack.pop()) is not _MARK:
            items.append(item)
        return items[::-1]

    def _tuple(self, count: int) -> None:
        self._stack.append(tuple(self._pop(count)))

    def _extend(self, items: list[Any]) -> None:
        if not isinstance(self._stack[-1], list):
            raise TypeError("it appends to what is no list")
        self._stack[-1].extend(items)

    def _remember(self, index: int) -> None:
        self._memo[index] = self._stack[-1]

    def _recall(self, index: int) -> None:
        self._stack.append(self._memo[index])

    def _name(self, name: str) -> None:
        if name not in _NAMES:
            raise ValueError(f"it asks for {name.replace(' ', '.')}")
        self._stack.append(_Made(name))

    def _make(self) -> None:
        named, _ = self._pop(2)
        self._stack.append(_Made(named.name))

    def _set_state(self) -> None:
        made, state = self._pop(2)
        made.state = state
        self._stack.append(made)


_LITERALS = (
    *("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"),
    *("SHORT_BINUNICODE", "BINUNICODE", "SHORT_BINBYTES", "BINBYTES"),
)
