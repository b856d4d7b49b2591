"""The program: `gate`, `gatepass`, and `python -m gate`."""

from __future__ import annotations

import gc
import os
import sys
from types import ModuleType

_COLLECT_AFTER = 100_000
"""How many more objects there are before Python looks for cycles; 700 is its own choice."""


def main() -> None:
    """Run the command that the arguments name, and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        # Asked in every pipeline's log: answered before anything else is imported.
        from gate import __version__  # noqa: PLC0415

        sys.stdout.write(f"gate {__version__}\n")
        return
    # Modules make next to no cycles: else the collector walks all of them a dozen times over
    # while they are loaded, which takes a tenth of a short run.
    gc.set_threshold(_COLLECT_AFTER)
    # Nobody's plugin reads a policy or changes what it says. What looks for plugins reads the
    # list of all that is installed, and takes a while to be imported.
    none = ModuleType("pydantic.plugin._loader")
    vars(none)["get_plugins"] = tuple
    sys.modules["pydantic.plugin._loader"] = none
    from gate.cli.later import imported_later  # noqa: PLC0415

    with imported_later():
        from gate.cli.plain_call import plain_call  # noqa: PLC0415

        run = plain_call(sys.argv[1:], os.environ)
        if run is None:
            from gate.cli.app import run_by_typer  # noqa: PLC0415

            run = run_by_typer
    try:
        run()
    finally:
        # Python looks for cycles among all that is left, several times, before it ends: that takes
        # a seventh of a short run, and the memory is given back anyhow. Files are closed by then.
        gc.freeze()


if __name__ == "__main__":
    main()
