"""``python -m tpwng_studio``: the same as ``tpwng-studio``."""

import sys

from tpwng_studio.app import main

sys.exit(main())
