"""`gate check` of many images that each get a pass: wall time, CPU and requests.

    python -m benchmarks.signing [--images 30] [--log-seconds 0.3] [--gate PATH ...]

A registry in memory and a private Sigstore on loopback, in a process of their own; its log answers
after so many seconds, as Rekor answers when it has included an entry. The policy asks for a digest
in the image's name alone, so that most of a run is signing. Each program signs with a key and then
by the identity of a job, each time passes of images that have none. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from benchmarks.figures import tell
from gate.keys.private import generate, private_pem
from tests.fakes.registry import FakeRegistry
from tests.fakes.sigstore import Reply, SigstoreServer

_POLICY: Final = """\
version: 1
verifier: https://acme.example/gate
images: [{match: "**", digest: required}]
pass: {environment: production, valid-for: 24h, sign: SIGN}
"""
_WAYS: Final = {
    "key": "{key: gate.key}",
    "keyless": "{keyless: true, trust-config: trust.json, publish-private: true}",
}


class SlowLog(SigstoreServer):
    """A private Sigstore whose log takes its time."""

    seconds: float = 0.0

    def answer(self, method: str, path: str, *rest: object) -> Reply:
        """Answer as the other does, and entries of the log late."""
        if path.endswith("/log/entries"):
            time.sleep(self.seconds)
        return super().answer(method, path, *rest)  # type: ignore[arg-type]  # as the other takes them


def serve(channel: Connection, seconds: float) -> None:
    """Serve until the channel closes; answer a number with so many new images."""
    with FakeRegistry() as fake, SlowLog() as sigstore:
        sigstore.seconds = seconds
        channel.send((sigstore.trust_config(), sigstore.github_environment()))
        made = 0
        while count := channel.recv():
            names = [f"acme/shop{number}" for number in range(made, made + count)]
            made += count
            channel.send([f"{fake.host}/{name}@{fake.image(name, '1')}" for name in names])
            channel.recv()
            channel.send((len(fake.requests), Counter(sigstore.requests), sigstore.connections))
            fake.requests.clear()
            sigstore.requests.clear()
            sigstore.connections = 0


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Sign the passes of many images.")
    parser.add_argument("--images", type=int, default=30)
    parser.add_argument("--log-seconds", type=float, default=0.3)
    parser.add_argument("--gate", action="append", default=[], help="a program; repeat to compare")
    asked = parser.parse_args()
    gates = [str(Path(gate).absolute()) for gate in asked.gate] or [
        str(Path(sys.executable).with_name("gate"))
    ]
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs, asked.log_seconds), daemon=True)
    server.start()
    trust, environment = ours.recv()
    sys.stdout.write(
        "| signed by | wall, s | user CPU, s | registry | Sigstore | opened | program |\n"
    )
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "trust.json").write_bytes(trust)
        (folder / "gate.key").write_bytes(private_pem(generate()))
        (folder / "gate.key").chmod(0o600)
        for way, sign in _WAYS.items():
            (folder / "policy.yaml").write_text(_POLICY.replace("SIGN", sign))
            for gate in gates:
                ours.send(asked.images)
                images = ours.recv()
                options = [word for image in images for word in ("--image", image)]
                host = images[0].partition("/")[0]
                command = [gate, "check", "--policy", "policy.yaml", "--plain-http", host, *options]
                began = time.perf_counter()
                process = subprocess.Popen(  # noqa: S603  # a benchmark runs programs
                    command, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL
                )
                _, status, used = os.wait4(process.pid, 0)
                wall = time.perf_counter() - began
                process.returncode = os.waitstatus_to_exitcode(status)
                if process.returncode:
                    sys.exit(f"{command[:4]} ended with {process.returncode}")
                ours.send(None)
                if way == "keyless" and gate == gates[0]:
                    tell("signing", wall, much=f"{asked.images} images")
                registry, services, opened = ours.recv()
                sys.stdout.write(
                    f"| {way} | {wall:.1f} | {used.ru_utime:.1f} | {registry} | "
                    f"{services.total()} | {opened} | {gate} |\n"
                )
    ours.send(0)


if __name__ == "__main__":
    main()
