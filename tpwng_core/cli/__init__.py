"""``tpwng-core``: words in, a verb run, an exit code out.

Human text and progress go to stderr, data to stdout. Importing this package imports neither
torch, open_clip nor OpenCV, so ``--help`` answers at once.
"""

from __future__ import annotations

import signal
import sys
import traceback
from argparse import Namespace
from collections.abc import Sequence
from types import FrameType

from tpwng_core.cli.parser import make_parser
from tpwng_core.cli.reporters import make_reporter
from tpwng_core.cli.table import WORKER
from tpwng_core.errors import INTERRUPTED_EXIT_CODE, Cancelled, ConfigError, TpwngError
from tpwng_core.events import Failed, Finished

UNEXPECTED_EXIT_CODE = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: the words after the program's name; ``sys.argv`` when None.

    Returns:
        The exit code of spec/files.md.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        options = make_parser().parse_args(argv)
    except ConfigError as error:
        print(f"tpwng-core: {error}", file=sys.stderr)
        return error.exit_code
    if options.verb == WORKER:
        from tpwng_core.cli.worker import serve

        return serve()
    from tpwng_core.cli.verbs import run

    report = make_reporter(options.events, quiet=options.quiet, verbose=options.verbose)
    try:
        report(Finished(summary=run(options, report)))
    except TpwngError as error:
        report(Failed(error=error.message, hint=error.hint, exit_code=error.exit_code))
        report.close()
        print(f"tpwng-core {options.verb}: {error}", file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, Cancelled):
        report(Failed(error="interrupted", hint="", exit_code=INTERRUPTED_EXIT_CODE))
        report.close()
        print(f"interrupted; {_how_to_go_on(options)}", file=sys.stderr)
        return INTERRUPTED_EXIT_CODE
    except Exception as error:  # noqa: BLE001 - outermost loop
        return _unexpected(error, verbose=options.verbose)
    finally:
        report.close()
    return 0


def _how_to_go_on(options: Namespace) -> str:
    """What to do after an interruption; only what will not be refused."""
    if not hasattr(options, "resume"):
        return "every file written is whole, run it again to go on"
    from tpwng_core.rounds import can_go_on

    if not can_go_on(options.out):
        return "nothing was saved yet, run it again to begin anew"
    again = "run it again" if options.resume else "add --resume"
    return f"every file written is whole, {again} to go on from the last saved epoch"


def _unexpected(error: Exception, *, verbose: bool) -> int:
    if verbose:
        traceback.print_exception(error, file=sys.stderr)
    print(
        f"tpwng-core: unexpected {type(error).__name__}: {error}\n"
        "This is a fault of ours: please report it with what the same command and --verbose print.",
        file=sys.stderr,
    )
    return UNEXPECTED_EXIT_CODE


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
