"""The webhook as a file of the API server, which no administrator of the cluster can remove.

KEP-5793: an API server reads webhook configurations from a folder, enforces them from its start,
and shows them to nobody over its API. Kubernetes 1.37 has it on by default.
https://github.com/kubernetes/enhancements/issues/5793
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
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
NO_LABELS: Final[Mapping[str, str]] = {}
"""Of a policy that watches no namespace by its labels."""
_HEAD: Final = """\
# Two files for each API server. Nobody can list, change or remove this webhook over the API.
# 1. Start the API server with --admission-control-config-file={folder}/admission.yaml
# 2. {folder}/admission.yaml:
"""
_SECOND: Final = """\
---
# 3. {folder}/webhooks/gate.yaml:
"""


def static_config(url: str, authority: bytes, audit_labels: Mapping[str, str] = NO_LABELS) -> str:
    """Return both files, as two YAML documents with comments that say where each belongs.

    `url` is where the API server reaches gate, such as `https://127.0.0.1:8443/validate`: a static
    webhook has no Service. `authority` is the PEM certificate that gate's own is verified by. The
    namespace kube-system is left out, so that the parts of the control plane can start before gate.
    Requests that give a namespace one of the policy's `audit_labels` are asked about too. Raises
    UsageError for a URL that no webhook can have.
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
    return (
        configuration
        + _SECOND.format(folder=FOLDER)
        + _yaml(_webhooks(url, authority, audit_labels))
    )


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


def _webhooks(url: str, authority: bytes, audit_labels: Mapping[str, str]) -> dict[str, Any]:
    common = {
        "admissionReviewVersions": ["v1"],
        "sideEffects": "NoneOnDryRun",
        "failurePolicy": "Fail",
        "matchPolicy": "Equivalent",
        "timeoutSeconds": 10,
        "clientConfig": {"url": url, "caBundle": base64.b64encode(authority).decode()},
    }
    namespaces = {"name": "namespaces.gate.internal", **common, **_namespaces(audit_labels)}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": NAME},
        "webhooks": [
            {"name": "admit.gate.internal", **common, **_workloads()},
            *([namespaces] if audit_labels else []),
        ],
    }


def _workloads() -> dict[str, Any]:
    not_the_system = {
        "key": "kubernetes.io/metadata.name",
        "operator": "NotIn",
        "values": ["kube-system"],
    }
    return {
        "namespaceSelector": {"matchExpressions": [not_the_system]},
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


def _namespaces(audit_labels: Mapping[str, str]) -> dict[str, Any]:
    """Return what lets gate judge who gives a namespace one of the labels, and nothing else.

    Each label is a condition of its own, so that a namespace is created, changed and deleted while
    gate does not answer.
    """
    given = " || ".join(
        f"({_labelled('object', key, value)} && !({_labelled('oldObject', key, value)}))"
        for key, value in sorted(audit_labels.items())
    )
    return {
        "matchConditions": [{"name": "gives-a-label", "expression": given}],
        "rules": [
            {
                "apiGroups": [""],
                "apiVersions": ["v1"],
                "operations": ["CREATE", "UPDATE"],
                # Labels can be written by way of each.
                "resources": ["namespaces", "namespaces/finalize", "namespaces/status"],
                "scope": "Cluster",
            }
        ],
    }


def _labelled(what: str, key: str, value: str) -> str:
    """Return in CEL that an object is there and has a label. Neither text can hold a quote."""
    labels = f"{what}.metadata.labels"
    return (
        f"{what} != null && has({labels}) && '{key}' in {labels} && {labels}['{key}'] == '{value}'"
    )


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
