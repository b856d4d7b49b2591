"""The chart, the values that tests give it, and the user's own helm."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

from tests.interop.tools import required

_ROOT: Final = Path(__file__).parents[3]
_HELM: Final = "go install helm.sh/helm/v3/cmd/helm@v3.19.0"
CHART: Final = _ROOT / "charts" / "gate"

VALUES: Final[dict[str, Any]] = {
    "image": {"repository": "ghcr.io/acme/gate", "digest": f"sha256:{'1' * 64}"},
    "policy": (_ROOT / "examples" / "admit.yaml").read_text(),
    "policyFiles": {"gate.pub": "a key"},
}

OWN: Final = {"tls": {"certManager": {"enabled": False}, "secret": "own", "caBundle": "YQ=="}}

MADE: Final = {"tls": {"certManager": {"enabled": False}, "own": {"enabled": True}}}


def helm(*arguments: str, values: dict[str, Any] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # a fixed program and the test's own arguments
        [required("helm", _HELM), *arguments, *(["--values", "-"] if values else [])],
        input=yaml.safe_dump(values or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
