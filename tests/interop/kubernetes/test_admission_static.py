"""The webhook as a file of the API server: in force from its start, and out of anybody's reach."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives import serialization

from gate.admission.static_config import FOLDER, static_config
from gate.errors import UsageError
from gate.keys.public import public_pem
from tests.builders.admission import POLICY, Shelf, pod
from tests.interop.kubernetes.api_server import free_ports, started
from tests.interop.kubernetes.certificates import Authority
from tests.interop.kubernetes.serving import pushed_images, serving, write_pair


def pem(authority: Authority) -> bytes:
    return authority.certificate.public_bytes(serialization.Encoding.PEM)


def test_a_static_webhook_holds_from_the_start_and_nobody_can_remove_it(tmp_path: Path) -> None:
    shelf, authority = Shelf(), Authority.new()
    images = pushed_images(tmp_path, shelf, datetime.now(UTC).replace(microsecond=0))
    write_pair(authority, tmp_path / "tls.crt", tmp_path / "tls.key")
    (tmp_path / "gate.pub").write_bytes(public_pem(shelf.key.public_key()))
    rule = "{labels: {acme.example/gate: audit}, set-by: [platform]}"
    (tmp_path / "admit.yaml").write_text(f"{POLICY}admission: {{audit-labels: {rule}}}\n")
    (port,) = free_ports(1)
    url = f"https://127.0.0.1:{port}/validate"
    printed = static_config(url, pem(authority), {"acme.example/gate": "audit"})
    configuration, webhook = printed.replace(FOLDER, str(tmp_path)).split("---\n")
    (tmp_path / "webhooks").mkdir()
    (tmp_path / "admission.yaml").write_text(configuration)
    (tmp_path / "webhooks" / "gate.yaml").write_text(webhook)
    option = f"--admission-control-config-file={tmp_path / 'admission.yaml'}"
    (tmp_path / "server").mkdir()

    def tried(name: str, image: str) -> str:
        made: dict[str, Any] = pod(image)
        made["metadata"] = {"name": name, "namespace": "default"}
        return server.kubectl("create", "-f", "-", stdin=json.dumps(made)).stderr

    def opened(name: str, value: str) -> str:
        labels = {"acme.example/gate": value}
        made = {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "labels": labels},
        }
        return server.kubectl("create", "-f", "-", stdin=json.dumps(made)).stderr

    with started(tmp_path / "server", [option]) as server:
        # While gate is not there, nothing is let in, and no namespace is opened.
        assert "failed calling webhook" in tried("early", images["good"])
        assert "failed calling webhook" in opened("early", "audit")
        assert opened("plain", "enforce") == ""
        account = ("--kubeconfig", str(server.kubeconfig))
        with serving(tmp_path, port, authority, tmp_path / "ca.pem", *account):
            assert "denied the request: [admission-audit-labels]" in opened("open", "audit")
            assert tried("good", images["good"]) == ""
            assert "denied the request: [pass-absent]" in tried("bare", images["bare"])
            listed = server.kubectl("get", "validatingwebhookconfigurations", "-o", "name")
            assert listed.stdout == ""
            removed = server.kubectl("delete", "validatingwebhookconfiguration", "--all")
            assert removed.returncode == 0
            assert "[pass-absent]" in tried("still", images["bare"])


def test_what_is_printed_is_two_yaml_documents_with_what_was_asked() -> None:
    authority = pem(Authority.new())
    admission, webhook = yaml.safe_load_all(static_config("https://[::1]:1/validate", authority))
    assert admission["plugins"][0]["configuration"]["staticManifestsDir"] == f"{FOLDER}/webhooks"
    assert webhook["metadata"]["name"].endswith(".static.k8s.io")
    assert webhook["webhooks"][0]["clientConfig"]["url"] == "https://[::1]:1/validate"
    assert webhook["webhooks"][0]["failurePolicy"] == "Fail"


def test_labels_that_open_a_namespace_are_asked_about_and_namespaces_without_them_are_not() -> None:
    authority = pem(Authority.new())
    url = "https://127.0.0.1/validate"
    printed = static_config(url, authority, {"acme.example/gate": "audit"})
    _, webhook = yaml.safe_load_all(printed)
    workloads, namespaces = webhook["webhooks"]
    (condition,) = namespaces["matchConditions"]
    assert "object.metadata.labels['acme.example/gate'] == 'audit'" in condition["expression"]
    assert namespaces["rules"][0]["resources"] == [
        "namespaces",
        "namespaces/finalize",
        "namespaces/status",
    ]
    assert "matchConditions" not in workloads
    _, plain = yaml.safe_load_all(static_config(url, authority))
    assert plain["webhooks"] == [workloads]


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://127.0.0.1/validate", b"-----BEGIN CERTIFICATE-----"),
        ("https:///validate", b"-----BEGIN CERTIFICATE-----"),
        ("https://127.0.0.1/validate?a=b", b"-----BEGIN CERTIFICATE-----"),
        ("https://[::1/validate", b"-----BEGIN CERTIFICATE-----"),
        ("https://127.0.0.1:99999/validate", b"-----BEGIN CERTIFICATE-----"),
        ("127.0.0.1:8443", b"-----BEGIN CERTIFICATE-----"),
        ("https://127.0.0.1/validate", b"-----BEGIN PRIVATE KEY-----"),
    ],
)
def test_a_url_or_a_file_that_no_api_server_could_use_is_refused(
    url: str, authority: bytes
) -> None:
    with pytest.raises(UsageError) as caught:
        static_config(url, authority)
    assert caught.value.code == "static-config-incomplete"
