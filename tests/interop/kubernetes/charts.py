"""The chart, the values that tests give it, and the user's own helm."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.tools import KUBECTL, required

_ROOT: Final = Path(__file__).parents[3]
HELM: Final = "go install helm.sh/helm/v3/cmd/helm@v3.19.0"
CHART: Final = _ROOT / "charts" / "gate"

VALUES: Final[dict[str, Any]] = {
    "image": {"repository": "ghcr.io/acme/gate", "digest": f"sha256:{'1' * 64}"},
    "policy": (_ROOT / "examples" / "admit.yaml").read_text(),
    "policyFiles": {"gate.pub": "a key"},
}

OWN: Final = {"tls": {"certManager": {"enabled": False}, "secret": "own", "caBundle": "YQ=="}}

MADE: Final = {"tls": {"certManager": {"enabled": False}, "own": {"enabled": True}}}


_RIGHTS: Final = (
    *("ServiceAccount", "Lease", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"),
)


def rendered(space: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the objects of a release named `gate` in a namespace."""
    done = helm(
        *("template", "gate", str(CHART), "--namespace", space, "--kube-version", KUBECTL),
        values={**VALUES, **values},
    )
    assert done.returncode == 0, done.stderr
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def give_rights(server: ApiServer, space: str, values: dict[str, Any]) -> None:
    """Give gate's account in a namespace what the chart gives it, and nothing else of the chart."""
    rights = [one for one in rendered(space, values) if one["kind"] in _RIGHTS]
    taken = server.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(rights))
    assert taken.returncode == 0, taken.stderr


def helm(*arguments: str, values: dict[str, Any] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # a fixed program and the test's own arguments
        [required("helm", HELM), *arguments, *(["--values", "-"] if values else [])],
        input=yaml.safe_dump(values or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
