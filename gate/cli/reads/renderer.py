"""helm, kustomize and kubectl as renderers: found on PATH, started alone, bounded.

What a renderer reads is the author's of a change, so it gets nothing of this run: an environment
of its own, without a token, without a home, without plugins and repositories, and without git.
On Linux it has no network either, where the system lets a process give that up (`unshare`);
elsewhere what it fetches by http goes to a proxy that does not exist. See
docs/decisions/0038-a-folder-is-rendered-where-nobody-could-apply-it.md.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from gate.cli.reads.inputs import MAX_FILE_BYTES
from gate.errors import UsageError
from gate.model.records import dataclass

MAX_SECONDS: Final = 60
"""How long one rendering may take."""
MAX_ERROR_BYTES: Final = 64 * 1024
_CHUNK: Final = 1 << 16
_UNSHARE: Final = ("--user", "--map-root-user", "--net", "--")
_NOWHERE: Final = "http://127.0.0.1:1"
"""A proxy at which nothing listens: port 1 is reserved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """A program that renders, as PATH has it."""

    tool: str
    """`helm`, `kustomize` or `kubectl`."""
    path: str
    version: str
    """As the program says it, such as `v3.22.0`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a program made."""

    output: bytes = b""
    """At most one byte more than `MAX_FILE_BYTES`."""
    failure: str = ""
    """Why there is no output: foreign text, one line; empty where there is one."""


_VERSIONS: Final = {
    "helm": ("version", "--short"),
    "kustomize": ("version",),
    "kubectl": ("version", "--client"),
}


def find_renderer(tools: Sequence[str], folder: str) -> Renderer | None:
    """Return the first of `tools` that PATH has and that says its version.

    Raises UsageError where that program lies in `folder`, or PATH has it by a relative name:
    what is judged does not choose who reads it.
    """
    for tool in tools:
        found = shutil.which(tool)
        if found is None:
            continue
        inside = Path(found).resolve().is_relative_to(Path(folder).resolve())
        if inside or not Path(found).is_absolute():
            raise UsageError(
                "renderer-untrusted",
                f"PATH finds {tool} at {found!r}, where the author of a change can write",
                remedy="put an absolute folder outside of the checkout first into PATH",
            )
        said = run([found, *_VERSIONS[tool]]).output.decode("utf-8", "replace").split()
        version = next((word for word in said if word.lstrip("v")[:1].isdigit()), None)
        if version is not None:
            return Renderer(tool=tool, path=found, version=version.partition("+")[0])
    return None


def run(command: Sequence[str]) -> Done:
    """Run a program alone, in an empty folder. Never raises for what the program does."""
    with tempfile.TemporaryDirectory(prefix="gate-render.") as home:
        apart = shutil.which("unshare")
        if apart is not None:
            done = _run([apart, *_UNSHARE, *command], home)
            if not done.failure.startswith("unshare:"):
                return done
        return _run(command, home)


def _environment(home: str) -> dict[str, str]:
    """Return all that the program knows of where it runs. Its PATH leads to nothing."""
    places = ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    helm = ("HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HELM_DATA_HOME", "HELM_PLUGINS")
    return {
        "PATH": f"{home}/none",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "KUBECONFIG": f"{home}/none",
        "KUSTOMIZE_PLUGIN_HOME": f"{home}/none",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), _NOWHERE),
        **dict.fromkeys((*places, *helm), home),
    }


def _run(command: Sequence[str], home: str) -> Done:
    try:
        process = subprocess.Popen(  # noqa: S603  # each word is one argument; no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=home,
            env=_environment(home),
            start_new_session=True,
        )
    except OSError as error:
        return Done(failure=f"it cannot be started: {error.strerror}")
    with process:
        try:
            return _read(process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _read(process: subprocess.Popen[bytes]) -> Done:
    end = time.monotonic() + MAX_SECONDS
    limits = {"out": MAX_FILE_BYTES + 1, "err": MAX_ERROR_BYTES}
    read = {"out": bytearray(), "err": bytearray()}
    with selectors.DefaultSelector() as selector:
        for name, pipe in (("out", process.stdout), ("err", process.stderr)):
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ, name)
        for name, part in _parts(selector, end):
            left = limits[name] - len(read[name])
            read[name] += part[:left]
            if name == "out" and len(read[name]) == limits[name]:
                return Done(output=bytes(read["out"]))
    left_over = end - time.monotonic()
    try:
        code = process.wait(max(left_over, 0.1))
    except subprocess.TimeoutExpired:
        return Done(failure=f"it took longer than {MAX_SECONDS} s")
    if code == 0:
        return Done(output=bytes(read["out"]))
    text = read["err"].decode("utf-8", "replace")
    lines = [said for line in text.splitlines() if (said := line.strip())]
    said = next((line for line in lines if line.startswith("Error:")), lines[0] if lines else "")
    return Done(failure=said or f"it ended with {code}")


def _parts(selector: selectors.BaseSelector, end: float) -> Iterator[tuple[str, bytes]]:
    """Yield what the program writes, until it closes both ends or its time is over."""
    while selector.get_map() and (left := end - time.monotonic()) > 0:
        for key, _ in selector.select(left):
            part = os.read(key.fd, _CHUNK)
            if part:
                yield key.data, part
            else:
                selector.unregister(key.fileobj)
