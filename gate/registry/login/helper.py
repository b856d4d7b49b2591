"""Asking a credential helper: a program of the user's for what they keep no file of.

https://github.com/docker/docker-credential-helpers
"""

from __future__ import annotations

from typing import Final

from gate.errors import RegistryError
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.codes import Code
from gate.registry.wire import quote

_SHOWN: Final = 300
"""How many bytes of its own text a message repeats."""
_NO_CREDENTIALS: Final = b"credentials not found"


def run_helper(helper: str, host: str, bounds: Bounds = BOUNDS) -> bytes | None:
    """Ask `docker-credential-<helper>` for a host's login. Raises RegistryError.

    No shell is involved, and the host, which is a well-formed one, goes to its input.
    """
    import subprocess  # noqa: PLC0415  # few have a helper

    program = f"docker-credential-{helper}"
    try:
        ended = subprocess.run(  # noqa: S603  # the user's own configuration names it
            [program, "get"],
            input=host.encode(),
            capture_output=True,
            timeout=bounds.helper_seconds,
            check=False,
        )
    except FileNotFoundError as error:
        raise RegistryError(
            Code.CREDENTIALS_UNREADABLE,
            f"the Docker configuration names {quote(program)}, which is not on PATH",
            remedy="Install it, or take it out of the configuration and run docker login again.",
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise _helper_failed(program, type(error).__name__) from error
    if ended.returncode != 0:
        if _NO_CREDENTIALS in (ended.stdout + ended.stderr).lower():
            return None
        words = (ended.stdout.strip() or ended.stderr.strip())[:_SHOWN].decode(errors="replace")
        said = " ".join(map(quote, words.split()))
        raise _helper_failed(program, f"exit code {ended.returncode}{said and f': {said}'}")
    return ended.stdout[: bounds.error_bytes]


def _helper_failed(program: str, problem: str) -> RegistryError:
    return RegistryError(
        Code.CREDENTIALS_UNREADABLE,
        f"{quote(program)} gives no credentials ({problem})",
        remedy=f"Run `{quote(program)} list` to see what is wrong with it.",
    )
