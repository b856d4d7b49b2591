"""The program: `gate`, `gatepass`, and `python -m gate`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that the arguments name, and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        # Asked in every pipeline's log: answered before anything else is imported.
        from gate import __version__  # noqa: PLC0415

        sys.stdout.write(f"gate {__version__}\n")
        return
    from gate.cli.app import app  # noqa: PLC0415

    app(prog_name="gate")


if __name__ == "__main__":
    main()
