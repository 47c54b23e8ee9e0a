"""What can go wrong, as a person is told about it.

Every error names the file and what to do about it. The command line turns ``exit_code`` into
its status; the worker sends ``message`` and ``hint`` as they are. Raised everywhere, caught in
the three outermost loops (command line, worker, studio) and by batch verbs, per video.
"""

from __future__ import annotations

from typing import ClassVar

INTERRUPTED_EXIT_CODE = 130


class TpwngError(Exception):
    """An error a person can act on.

    Args:
        message: what happened, naming the file.
        hint: what to do about it; may be empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class ConfigError(TpwngError):
    """A setting, preset, category or option is wrong."""

    exit_code = 2


class InputError(TpwngError):
    """Something the person gave us to read is missing or wrong."""

    exit_code = 3


class VideoError(InputError):
    """A video cannot be opened or a frame cannot be had exactly."""


class DatasetError(InputError):
    """A manifest, list or annotation file is wrong."""


class ArtifactError(TpwngError):
    """One of our own files is missing, damaged, or belongs to other settings."""

    exit_code = 4


class FeatureError(ArtifactError):
    """A feature file is damaged or does not fit."""


class CheckpointError(ArtifactError):
    """A checkpoint is damaged or belongs to another CLIP."""


class DeviceError(TpwngError):
    """The device asked for is not there, or ran out of memory for good."""

    exit_code = 5


class SomeInputsFailed(TpwngError):  # noqa: N818 - says what happened
    """Some inputs failed; everything else is done and written."""

    exit_code = 6


class OutputError(TpwngError):
    """An output could not be written: full disk, no permission."""

    exit_code = 7


class Cancelled(Exception):  # noqa: N818 - a request, not an error
    """Raised inside a reporter to cancel the verb that reports."""


class Stopped(Exception):  # noqa: N818 - a request, not an error
    """Raised inside a reporter, at Progress only, to end the verb early and keep what is done."""
