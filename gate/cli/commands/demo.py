"""`gate demo`: a release cleared and admitted, then blocked in six ways. No server, no network."""

from __future__ import annotations

import sys


def demo() -> int:
    """Show a release cleared, then tampered with in six ways.

    Real keys and signatures, and the code of a real run, in a temporary folder. It exits 0
    only if each run ends with exactly the exit code and the reason code it should.
    """
    from gate.cli.demo.scenes import play_all

    good = play_all()
    sys.stdout.write("\nevery run ended as it should\n" if good else "\nNOT as it should be\n")
    return 0 if good else 3
