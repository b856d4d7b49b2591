"""A `gate serve` that runs as a process of its own, with its images in layout folders."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from gate.cli.demo.image import push_image
from gate.model.image import ImageReference
from gate.registry.route import LayoutRegistry
from gate.registry.write.publish import RepositoryPublisher
from tests.builders.admission import Shelf
from tests.interop.kubernetes.certificates import Authority

HOST: Final = "registry.example"
_SECONDS: Final = 60


def pushed_images(folder: Path, shelf: Shelf, now: datetime) -> dict[str, str]:
    layouts = LayoutRegistry({HOST: folder / "images"})
    names = ("good", "sidecar", "bare", "staging", "aged", "ended")
    found = {
        name: push_image(layouts, ImageReference.parse(f"{HOST}/acme/{name}:1"), now)
        for name in names
    }
    pinned = {name: str(image) for name, image in found.items()}
    shelf.give_pass(pinned["good"], pinned["sidecar"], at=now)
    shelf.give_pass(pinned["staging"], environment="staging", at=now)
    shelf.give_pass(pinned["aged"], at=now - timedelta(days=365))
    shelf.give_pass(pinned["ended"], at=now)
    publisher = RepositoryPublisher(layouts)
    for name, image in found.items():
        for bundle in shelf.attached_to.get(pinned[name], ()):
            publisher.push_bundle(
                image,
                bundle,
                predicate_type="https://slsa.dev/verification_summary/v1",
                created=now,
            )
    return pinned


def write_pair(authority: Authority, certificate: Path, key: Path) -> None:
    issued, secret = authority.issue("gate", server=True)
    key.write_bytes(secret)
    certificate.write_bytes(issued)


@contextmanager
def serving(
    folder: Path, port: int, authority: Authority, ca: Path, *options: str
) -> Iterator[None]:
    ca.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    command = [
        sys.executable, "-m", "gate", "serve", "--policy", "admit.yaml",
        "--listen", f"127.0.0.1:{port}", "--cert", "tls.crt", "--key", "tls.key",
        "--layout", f"{HOST}=images", *options,
    ]  # fmt: skip
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own program
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(__file__).parents[3]),
                "XDG_STATE_HOME": str(folder),
            },
        )
        try:
            _wait_until_ready(process, f"https://127.0.0.1:{port}", ca, folder / "serve.log")
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(_SECONDS)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, ca: Path, log: Path) -> None:
    context = ssl.create_default_context(cafile=str(ca))
    end = time.monotonic() + _SECONDS
    with httpx.Client(verify=context, trust_env=False) as client:
        while time.monotonic() < end and process.poll() is None:
            try:
                if client.get(f"{url}/readyz").is_success:
                    return
            except httpx.TransportError:
                threading.Event().wait(0.05)
    pytest.fail(f"gate serve is not ready: {log.read_text()[-2000:]}")
