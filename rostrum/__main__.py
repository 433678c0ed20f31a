"""`python -m rostrum` is the same as the `rostrum` command."""

from __future__ import annotations

import sys

from rostrum.management.cli import main

if __name__ == "__main__":
    sys.exit(main())
