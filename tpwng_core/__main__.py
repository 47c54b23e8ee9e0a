"""``python -m tpwng_core`` is ``tpwng-core``."""

from tpwng_core.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
