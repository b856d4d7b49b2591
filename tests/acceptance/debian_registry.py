"""Debian's docker-registry (distribution 2.8.2) on loopback, and images in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_CONFIGURATION = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage:
  filesystem: {{rootdirectory: "{root}"}}
  delete: {{enabled: {deletes}}}
http: {{addr: "127.0.0.1:{port}", secret: s}}
"""


@dataclass(frozen=True)
class LoopbackRegistry:
    host: str
    """`127.0.0.1:port`, over plain http."""
    log: Path

    def copy(self, layout: str, name: str, *, every_platform: bool = False) -> None:
        """Push an image from `oci:PATH:TAG` to `repository:tag` with skopeo."""
        skopeo = required("skopeo", "skopeo")
        every = ["--all"] if every_platform else []
        subprocess.run(  # noqa: S603  # a fixed program and the test's own names
            [
                *(skopeo, "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"),
                *every,
                *("--preserve-digests", layout, f"docker://{self.host}/{name}"),
            ],
            check=True,
            timeout=60,
        )


def required(program: str, package: str) -> str:
    """Return where a program is; without it skip, or fail where CI=true."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
    if found is None:
        missing = f"{program} is not installed: apt-get install {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextlib.contextmanager
def debian_registry(folder: Path, *, deletes: bool = True) -> Iterator[LoopbackRegistry]:
    """Serve an empty registry, whose files are in a folder, until the block ends."""
    program = required("docker-registry", "docker-registry")
    port = free_port()
    configuration = folder / "registry.yml"
    said = _CONFIGURATION.format(root=folder / "storage", port=port, deletes=str(deletes).lower())
    configuration.write_text(said)
    with serving([program, "serve", str(configuration)], port, folder / "registry.log") as log:
        yield LoopbackRegistry(f"127.0.0.1:{port}", log)


@contextlib.contextmanager
def serving(command: list[str], port: int, log: Path) -> Iterator[Path]:
    """Run a server until the block ends; begin when it takes connections."""
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output) as server,  # noqa: S603  # ours
    ):
        try:
            _wait(server, port, log)
            yield log
        finally:
            server.terminate()


def free_port() -> int:
    """Return a port of loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 20
    while server.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.02)  # between two looks at a socket, not a guess at how long it takes
    pytest.fail(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
