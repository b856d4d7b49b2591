"""Other people's verifiers, where they are installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

COSIGN: Final = "go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3"
COSIGN_V2: Final = "go install github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5, named cosign-v2"
SLSA_VERIFIER: Final = (
    "go install github.com/slsa-framework/slsa-verifier/v2/cli/slsa-verifier@v2.7.1"
)
POLICY_TESTER: Final = (
    "in an empty module, go get github.com/sigstore/policy-controller@v0.13.1 and go build "
    "-mod=mod -o policy-tester github.com/sigstore/policy-controller/cmd/tester"
)
KYVERNO: Final = (
    "in an empty module, go get github.com/kyverno/kyverno@v1.19.1, go mod edit with the one "
    "replace that is in its go.mod, and go build -mod=mod "
    "github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno"
)
KUBECTL: Final = "1.37.2"
OLDEST: Final = "1.29.15"
"""The oldest Kubernetes whose clusters gate's webhook is for."""
_NPM: Final = "@sigstore/verify@4.1.3 @sigstore/bundle@5.0.1 @sigstore/protobuf-specs@0.5.2"
_MULTITOOL: Final = "@microsoft/sarif-multitool@5.7.0, and chmod u+x what it installs"
ORACLES: Final = Path(os.environ.get("GATE_ORACLES", ".ci/oracles")).resolve()
"""Where CI puts npm's modules."""
_SCRIPT: Final = Path(__file__).with_name("verify.cjs")
_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program said."""

    accepted: bool
    output: str
    """What it printed on both streams."""


def run(*command: str | Path, asked: str = "", **environment: str) -> Answer:
    """Run a program, whose exit code 0 means that it accepts."""
    done = subprocess.run(  # noqa: S603  # a fixed program and the test's own arguments
        [str(part) for part in command],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
        env={**os.environ, **environment},
    )
    return Answer(done.returncode == 0, done.stdout + done.stderr)


def required(program: str, install: str) -> str:
    """Return where a program is; without it skip, or fail where CI=true."""
    found = shutil.which(program, path=os.pathsep.join(_places()))
    return found or _missing(f"{program} is not installed: {install}")


def required_oldest(program: str) -> str:
    """Return where a program of the oldest Kubernetes is; without it skip, or fail in CI.

    Where GATE_WITHOUT_OLDEST is set it skips in CI too: `.ci/run` sets it, and says so, where
    that version does not build.
    """
    folder = f"kubernetes-{OLDEST}"
    found = Path(os.environ.get("GOBIN") or Path.home() / "go/bin") / folder / program
    if found.exists():
        return str(found)
    if os.environ.get("GATE_WITHOUT_OLDEST"):
        pytest.skip(f"{program} {OLDEST} does not build here")
    return _missing(
        f"{program} {OLDEST} is not there: .ci/kubernetes {OLDEST} $GOBIN/{folder} {program}"
    )


def required_policy_tester() -> str:
    """Return where policy-controller's tester is; without it skip, or fail in CI.

    Where GATE_WITHOUT_ENFORCERS is set it skips in CI too: `.ci/run` sets it, and says so, because
    to build it takes longer than all the tests that it is for.
    """
    return _enforcer("policy-tester", POLICY_TESTER)


def required_kyverno() -> str:
    """Return where Kyverno's command is; without it skip, or fail in CI, as the tester above."""
    return _enforcer("kubectl-kyverno", KYVERNO)


def _enforcer(program: str, install: str) -> str:
    found = shutil.which(program, path=os.pathsep.join(_places()))
    if found is None and os.environ.get("GATE_WITHOUT_ENFORCERS"):
        pytest.skip(f"{program} is not built here, because GATE_WITHOUT_ENFORCERS is set")
    return found or _missing(f"{program} is not installed: {install}")


def _places() -> list[str]:
    own = str(Path(sys.executable).parent)
    go = (os.environ.get("GOBIN", ""), str(Path.home() / "go/bin"))
    places = [os.environ.get("PATH", ""), *go, own]
    return [place for place in places if place]


@cache
def required_kubectl() -> str:
    """Return where the kubectl is that CI builds; some other one may be first on PATH."""
    places = [os.environ.get("GOBIN", ""), str(Path.home() / "go/bin"), os.environ.get("PATH", "")]
    folders = os.pathsep.join(filter(None, places)).split(os.pathsep)
    programs = filter(None, (shutil.which("kubectl", path=folder) for folder in folders))
    built = (p for p in programs if f"v{KUBECTL}" in run(p, "version", "--client").output)
    return next(built, None) or _missing(
        f"kubectl {KUBECTL} is not installed: .ci/kubernetes {KUBECTL} FOLDER kubectl"
    )


def sigstore_js(asked: dict[str, Any]) -> Answer:
    """Ask @sigstore/verify."""
    return run(
        required("node", "apt-get install nodejs"),
        _SCRIPT,
        asked=json.dumps(asked),
        NODE_PATH=str(_modules()),
    )


def sarif_multitool() -> str:
    """Return where Microsoft's SARIF tool is, a program of its own for Linux on x86-64."""
    found = ORACLES / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    if not os.access(found, os.X_OK):
        _missing(f"Sarif.Multitool is not installed: npm install --prefix .ci/oracles {_MULTITOOL}")
    return str(found)


def oracle_module(name: str, install: str) -> Path:
    """Return the folder of npm's modules, in which this one is."""
    modules = ORACLES / "node_modules"
    if not (modules / name).is_dir():
        _missing(f"{name} is not installed: npm install --prefix .ci/oracles {install}")
    return modules


def _modules() -> Path:
    """Return where npm's modules are; a test installs nothing."""
    modules = ORACLES / "node_modules"
    if not (modules / "@sigstore" / "verify").is_dir():
        _missing(f"@sigstore/verify is not installed: npm install --prefix .ci/oracles {_NPM}")
    return modules


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)
