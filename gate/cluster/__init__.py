"""What a cluster's API server is asked: reading alone."""

from __future__ import annotations

import sys

# httpx offers a command line, which nobody here calls and which takes half of its import: rich,
# click and pygments. Where that module is not there, httpx does without it, and says so itself.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None means: not there
