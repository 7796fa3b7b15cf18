"""`python -m casekit`, where the command itself is not on the path."""

from __future__ import annotations

import sys

from casekit.cli import main

sys.exit(main())
