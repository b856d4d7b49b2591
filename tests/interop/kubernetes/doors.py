"""A real `gate serve`, and the configuration by which an API server asks it."""

from __future__ import annotations

import json
import signal
import ssl
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.interop.kubernetes.api_server import ApiServer, free_ports, running
from tests.interop.kubernetes.certificates import Authority

RULES: Final = [
    {
        "apiGroups": ["", "apps", "batch"],
        "apiVersions": ["v1"],
        "operations": ["CREATE", "UPDATE"],
        "resources": [
            *("pods", "pods/ephemeralcontainers", "replicationcontrollers", "deployments"),
            *("statefulsets", "daemonsets", "replicasets", "jobs", "cronjobs"),
        ],
    }
]


@contextmanager
def door(
    server: ApiServer, folder: Path, space: str, *options: str, also: Sequence[str] = ()
) -> Iterator[None]:
    """Run `gate serve` in a folder, and let the API server ask it about one namespace or more."""
    authority = Authority.new()
    certificate, key = authority.issue("gate", server=True)
    (folder / "tls.crt").write_bytes(certificate)
    (folder / "tls.key").write_bytes(key)
    (port,) = free_ports(1)
    pem = authority.pem
    command = [
        *(sys.executable, "-m", "gate", "serve", f"--listen=127.0.0.1:{port}"),
        *("--cert=tls.crt", "--key=tls.key", *options),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # Told so, it ends at once: after SIGTERM it goes on for some seconds.
        with running(command, folder / "gate.log", stop=signal.SIGINT):
            _wait(f"https://127.0.0.1:{port}/readyz", pem, folder / "gate.log")
            url = f"https://127.0.0.1:{port}/validate"
            one = _configuration((space, *also), url, pem)
            done = server.kubectl("apply", "-f", "-", stdin=json.dumps(one))
            assert done.returncode == 0, done.stderr
            try:
                yield
            finally:
                server.kubectl("delete", one["kind"], one["metadata"]["name"])


def _configuration(spaces: Sequence[str], url: str, authority: bytes) -> dict[str, Any]:
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": f"gate-{spaces[0]}"},
        "webhooks": [
            {
                "name": "admit.gate.internal",
                "admissionReviewVersions": ["v1"],
                "sideEffects": "None",
                "failurePolicy": "Fail",
                "clientConfig": {"url": url, "caBundle": b64encode(authority).decode()},
                "namespaceSelector": {
                    "matchExpressions": [
                        {
                            "key": "kubernetes.io/metadata.name",
                            "operator": "In",
                            "values": list(spaces),
                        }
                    ]
                },
                "rules": RULES,
            }
        ],
    }


def _wait(url: str, authority: bytes, log: Path) -> None:
    """Wait until the server says that it is ready; fail with the end of its log."""
    context = ssl.create_default_context(cadata=authority.decode())
    end = time.monotonic() + 60
    with httpx.Client(verify=context, trust_env=False) as client:
        while time.monotonic() < end:
            try:
                if client.get(url).is_success:
                    return
            except httpx.TransportError:
                pass
            threading.Event().wait(0.05)
    pytest.fail(f"gate serve is not ready: {log.read_text(errors='replace')[-2000:]}")
