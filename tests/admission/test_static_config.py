"""The webhook as a file of the API server: each field of both files, and which URL one can have."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gate.admission.static_config import FOLDER, NAME, NO_LABELS, RULES, static_config
from gate.errors import UsageError

URL: Final = "https://127.0.0.1:8443/validate"
AUTHORITY: Final = b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"
CHART: Final = Path(__file__).parents[2] / "charts" / "gate"
COMMON: Final[dict[str, Any]] = {
    "admissionReviewVersions": ["v1"],
    "sideEffects": "NoneOnDryRun",
    "failurePolicy": "Fail",
    "matchPolicy": "Equivalent",
    "timeoutSeconds": 10,
    "clientConfig": {"url": URL, "caBundle": base64.b64encode(AUTHORITY).decode()},
}


def documents(labels: Mapping[str, str] = NO_LABELS) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(static_config(URL, AUTHORITY, labels)))


def test_the_first_file_names_the_folder_of_the_second() -> None:
    text = static_config(URL, AUTHORITY)
    first, second = text.split("---\n", 1)
    assert f"--admission-control-config-file={FOLDER}/admission.yaml" in first
    assert second.startswith(f"# 3. {FOLDER}/webhooks/gate.yaml:\n")
    assert documents()[0] == {
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


def test_both_files_are_written_as_people_write_them() -> None:
    text = static_config(URL, AUTHORITY)
    lines = (
        "plugins:",
        '  - name: "ValidatingAdmissionWebhook"',
        "    configuration:",
        '      apiVersion: "apiserver.config.k8s.io/v1"',
        '      kind: "WebhookAdmissionConfiguration"',
        f'      staticManifestsDir: "{FOLDER}/webhooks"',
        "---",
    )
    assert "\n".join(lines) in text
    assert '      - apiGroups: ["apps"]\n        apiVersions: ["v1"]\n' in text


def test_the_second_file_is_the_webhook_of_all_that_holds_pods_but_in_kube_system() -> None:
    selector = {
        "key": "kubernetes.io/metadata.name",
        "operator": "NotIn",
        "values": ["kube-system"],
    }
    assert documents()[1] == {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": NAME},
        "webhooks": [
            {
                "name": "admit.gate.internal",
                **COMMON,
                "namespaceSelector": {"matchExpressions": [selector]},
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


def test_its_webhooks_have_the_names_that_the_chart_gives_them() -> None:
    chart = (CHART / "templates" / "webhook.yaml").read_text()
    named = [one["name"] for one in documents({"gate": "audit"})[1]["webhooks"]]
    assert [f"  - name: {name}\n" in chart for name in named] == [True, True]


def has(what: str, key: str, value: str) -> str:
    labels = f"{what}.metadata.labels"
    return (
        f"{what} != null && has({labels}) && '{key}' in {labels} && {labels}['{key}'] == '{value}'"
    )


def test_with_labels_it_asks_who_gives_a_namespace_one_of_them_too() -> None:
    namespaces = documents({"tier": "play", "gate": "audit"})[1]["webhooks"][1]
    gate, tier = (
        f"({has('object', *one)} && !({has('oldObject', *one)}))"
        for one in (("gate", "audit"), ("tier", "play"))
    )
    assert namespaces == {
        "name": "namespaces.gate.internal",
        **COMMON,
        "matchConditions": [{"name": "gives-a-label", "expression": f"{gate} || {tier}"}],
        "rules": [
            {
                "apiGroups": [""],
                "apiVersions": ["v1"],
                "operations": ["CREATE", "UPDATE"],
                "resources": ["namespaces", "namespaces/finalize", "namespaces/status"],
                "scope": "Cluster",
            }
        ],
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/validate",
        "https:///validate",
        "https://127.0.0.1:0/validate",
        "https://127.0.0.1:x/validate",
        "https://127.0.0.1/validate?a=b",
        "https://127.0.0.1/validate#a",
        "https://user@127.0.0.1/validate",
        "",
    ],
)
def test_a_url_that_no_webhook_can_have_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        static_config(url, AUTHORITY)
    assert (caught.value.code, caught.value.problem) == (
        "static-config-incomplete",
        f"--url {url!r} is no https address of a webhook",
    )


@pytest.mark.parametrize("url", ["https://gate/validate", "https://[::1]:1/", "https://a"])
def test_its_neighbours_are_taken(url: str) -> None:
    (made,) = yaml.safe_load_all(static_config(url, AUTHORITY).split("---\n", 1)[1])
    assert made["webhooks"][0]["clientConfig"]["url"] == url


def test_a_file_without_a_certificate_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        static_config(URL, b"-----BEGIN PRIVATE KEY-----\n")
    assert (caught.value.code, caught.value.problem) == (
        "static-config-incomplete",
        "the file of --ca holds no certificate in PEM form",
    )
