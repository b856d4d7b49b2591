"""A real API server on loopback: etcd and kube-apiserver, without a node and without controllers.

`api_server` is a fixture of the session that every test may ask for; `oldest_api_server` is one of
the oldest version. Each is ready in about two seconds and takes 340 MB. What it holds is shared: a
test makes a namespace of its own.
"""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.interop.kubernetes.certificates import ServerFiles, write_certificates
from tests.interop.tools import KUBECTL, required, required_kubectl, required_oldest

INSTALL: Final = f'.ci/kubernetes {KUBECTL} "$GOBIN" kubectl kube-apiserver'
_READY_SECONDS: Final = 90
_STOP_SECONDS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServer:
    """A server that runs."""

    url: str
    """`https://127.0.0.1:PORT`."""
    kubeconfig: Path
    """Of an administrator, a member of `system:masters`."""
    files: ServerFiles
    """Its certificates, and the administrator's."""
    client: httpx.Client
    """Asks as the administrator."""

    def get(self, path: str) -> Any:  # noqa: ANN401  # any JSON value
        """Return what the server answers to a path, such as `/api/v1/namespaces`."""
        answer = self.client.get(path)
        answer.raise_for_status()
        return answer.json()

    def kubectl(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run the real kubectl as the administrator."""
        cache = self.kubeconfig.with_name("kubectl-cache")
        options = ["--kubeconfig", str(self.kubeconfig), "--cache-dir", str(cache)]
        return local_kubectl(*options, *arguments, stdin=stdin)


def as_account(server: ApiServer, space: str, name: str) -> Path:
    """Return a kubeconfig with the token of a service account."""
    done = server.kubectl("-n", space, "create", "token", name)
    assert done.returncode == 0, done.stderr
    config = json.loads(server.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": done.stdout.strip()}
    path = server.kubeconfig.with_name(f"{space}-{name}.json")
    path.write_text(json.dumps(config))
    return path


def local_kubectl(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the real kubectl without a server, as for `label --local` and `--dry-run=client`."""
    program = required_kubectl()
    return subprocess.run(  # noqa: S603  # a fixed program and the test's own arguments
        [program, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=_READY_SECONDS,
    )


@pytest.fixture(scope="session")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """A server with the default settings. Skips where a program is missing; in CI it fails."""
    with started(tmp_path_factory.mktemp("api-server")) as server:
        yield server


@pytest.fixture(scope="session")
def oldest_api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """A server of the oldest Kubernetes that the webhook is for; skips and fails likewise."""
    program = required_oldest("kube-apiserver")
    with started(tmp_path_factory.mktemp("oldest-api-server"), program=program) as server:
        yield server


@contextmanager
def started(
    folder: Path, options: Sequence[str] = (), *, program: str | None = None
) -> Iterator[ApiServer]:
    """Run a server with its files in a folder, and these options beside ours; stop it at the end.

    `program` is a kube-apiserver of another version. Skips where a program is missing; in CI it
    fails.
    """
    etcd = required("etcd", "apt-get install etcd-server")
    server = program or required("kube-apiserver", INSTALL)
    client_port, peer_port, port = free_ports(3)
    files = write_certificates(folder)
    store, peer = (f"http://127.0.0.1:{p}" for p in (client_port, peer_port))
    url = f"https://127.0.0.1:{port}"
    with ExitStack() as stack:
        etcd_command = [
            etcd, f"--data-dir={folder / 'etcd'}", "--unsafe-no-fsync",
            f"--listen-client-urls={store}", f"--advertise-client-urls={store}",
            f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
        ]  # fmt: skip
        stack.enter_context(running(etcd_command, folder / "etcd.log"))
        server_command = [
            server, f"--etcd-servers={store}", "--bind-address=127.0.0.1", f"--secure-port={port}",
            # On loopback there is no address under which others would find this server.
            "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.0.0.0/24",
            f"--service-account-issuer={url}", f"--service-account-key-file={files.account_key}",
            f"--service-account-signing-key-file={files.account_key}",
            f"--client-ca-file={files.authority}", f"--tls-cert-file={files.server}",
            f"--tls-private-key-file={files.server_key}", "--authorization-mode=RBAC",
            # No controller makes the accounts that this plugin asks for.
            "--allow-privileged=true", "--disable-admission-plugins=ServiceAccount", *options,
        ]  # fmt: skip
        log = folder / "kube-apiserver.log"
        process = stack.enter_context(running(server_command, log))
        context = ssl.create_default_context(cafile=str(files.authority))
        context.load_cert_chain(files.admin, files.admin_key)
        client = stack.enter_context(
            httpx.Client(base_url=url, verify=context, timeout=30, trust_env=False)
        )
        _wait(client, process, log)
        yield ApiServer(
            url=url, kubeconfig=_kubeconfig(folder, url, files), files=files, client=client
        )


@contextmanager
def running(
    command: Sequence[str], log: Path, *, stop: signal.Signals = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program with its output in a file; stop it at the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # a fixed program and our own arguments
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            process.send_signal(stop)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server says that it is ready; fail with the end of its log."""
    end = time.monotonic() + _READY_SECONDS
    pause = threading.Event()
    while time.monotonic() < end and process.poll() is None:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        pause.wait(0.05)
    tail = log.read_text(errors="replace")[-2000:]
    ended = (
        "ended" if process.poll() is not None else f"is not ready after {_READY_SECONDS} seconds"
    )
    pytest.fail(f"kube-apiserver {ended}: {tail}")


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _kubeconfig(folder: Path, url: str, files: ServerFiles) -> Path:
    cluster = {"server": url, "certificate-authority": str(files.authority)}
    user = {"client-certificate": str(files.admin), "client-key": str(files.admin_key)}
    path = folder / "kubeconfig.json"
    path.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "here", "cluster": cluster}],
                "users": [{"name": "admin", "user": user}],
                "contexts": [{"name": "here", "context": {"cluster": "here", "user": "admin"}}],
                "current-context": "here",
            }
        )
    )
    return path
