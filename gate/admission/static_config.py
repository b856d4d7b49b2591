"""The webhook as a file of the API server, which no administrator of the cluster can remove.

KEP-5793: an API server reads webhook configurations from a folder, enforces them from its start,
and shows them to nobody over its API. Kubernetes 1.37 has it on by default.
https://github.com/kubernetes/enhancements/issues/5793
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final
from urllib.parse import urlsplit

from gate.errors import UsageError

FOLDER: Final = "/etc/kubernetes/gate"
"""Where the printed configuration expects the webhook's file."""
NAME: Final = "gate.static.k8s.io"
"""The API server takes such names from files alone."""
RULES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("", ("pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers")),
    ("apps", ("daemonsets", "deployments", "replicasets", "statefulsets")),
    ("batch", ("cronjobs", "jobs")),
)
"""Of each API group, what holds pods. All in version v1, which others are converted to."""
_HEAD: Final = """\
# Two files for each API server. Nobody can list, change or remove this webhook over the API.
# 1. Start the API server with --admission-control-config-file={folder}/admission.yaml
# 2. {folder}/admission.yaml:
"""
_SECOND: Final = """\
---
# 3. {folder}/webhooks/gate.yaml:
"""


def static_config(url: str, authority: bytes) -> str:
    """Return both files, as two YAML documents with comments that say where each belongs.

    `url` is where the API server reaches gate, such as `https://127.0.0.1:8443/validate`: a static
    webhook has no Service. `authority` is the PEM certificate that gate's own is verified by. The
    namespace kube-system is left out, so that the parts of the control plane can start before gate.
    Raises UsageError for a URL that no webhook can have.
    """
    if not _is_webhook(url):
        raise UsageError(
            "static-config-incomplete",
            f"--url {url!r} is no https address of a webhook",
            remedy="write --url https://127.0.0.1:8443/validate, as the API server reaches gate",
        )
    if b"-----BEGIN CERTIFICATE-----" not in authority:
        raise UsageError(
            "static-config-incomplete",
            "the file of --ca holds no certificate in PEM form",
            remedy="give the certificate of the authority that issued --cert",
        )
    configuration = _HEAD.format(folder=FOLDER) + _yaml(_admission())
    return configuration + _SECOND.format(folder=FOLDER) + _yaml(_webhook(url, authority))


def _is_webhook(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "https"
            and bool(parts.hostname)
            and parts.port != 0
            and not (parts.query or parts.fragment or parts.username)
        )
    except ValueError:
        return False


def _admission() -> dict[str, Any]:
    return {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AdmissionConfiguration",
        "plugins": [
            {
                "name": "ValidatingAdmissionWebhook",
                "configuration": {
                    "apiVersion": "apiserver.config.k8s.io/v1",
                    "kind": "WebhookAdmissionConfiguration",
                    "staticManifestsDir": f"{FOLDER}/webhooks",
                },
            }
        ],
    }


def _webhook(url: str, authority: bytes) -> dict[str, Any]:
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": NAME},
        "webhooks": [
            {
                "name": "admit.gatepass.dev",
                "admissionReviewVersions": ["v1"],
                "sideEffects": "None",
                "failurePolicy": "Fail",
                "matchPolicy": "Equivalent",
                "timeoutSeconds": 10,
                "clientConfig": {"url": url, "caBundle": base64.b64encode(authority).decode()},
                "namespaceSelector": {
                    "matchExpressions": [
                        {
                            "key": "kubernetes.io/metadata.name",
                            "operator": "NotIn",
                            "values": ["kube-system"],
                        }
                    ]
                },
                "rules": [
                    {
                        "apiGroups": [group],
                        "apiVersions": ["v1"],
                        "operations": ["CREATE", "UPDATE"],
                        "resources": list(resources),
                        "scope": "Namespaced",
                    }
                    for group, resources in RULES
                ],
            }
        ],
    }


def _yaml(value: dict[str, Any], indent: int = 0) -> str:
    """Return a mapping of ours as YAML: every text is quoted as JSON, which YAML reads alike."""
    pad = "  " * indent
    return "".join(f"{pad}{key}:{_part(part, indent + 1)}" for key, part in value.items())


def _part(value: Any, indent: int) -> str:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict):
        return "\n" + _yaml(value, indent)
    if isinstance(value, list) and isinstance(value[0], dict):
        items = (_yaml(item, indent + 1).lstrip() for item in value)
        return "\n" + "".join(f"{'  ' * indent}- {item}" for item in items)
    return f" {json.dumps(value)}\n"
