from __future__ import annotations

import base64
from typing import Final

import pytest

from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.verdict import Action, Finding
from gate.policy.profile import Profile, ProfileAlone
from tests.fakes.linted import linted

BASIC: Final = "Basic " + base64.b64encode(b"app:correct").decode()


def _found(text: str, rule: str, profile: Profile = Profile.GATE) -> list[Finding]:
    manifests = load_manifests([("f", text.encode())])
    settings = lint_settings(ProfileAlone(profile=profile))
    return [f for f in linted(manifests.objects, settings).findings if f.rule == rule]


def _container(fields: str) -> str:
    return f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{fields}]}}}}"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ("{args: ['--db-password=correct']}", "args[0]"),
        ("{args: [serve, --api-key, correct]}", "args[2]"),
        ("{command: [serve, '--url=postgres://app:correct@db']}", "command[1]"),
        (
            f"{{livenessProbe: {{httpGet: {{httpHeaders: [{{name: A, value: '{BASIC}'}}]}}}}}}",
            "livenessProbe.httpGet.httpHeaders[0].value",
        ),
        (
            "{startupProbe: {httpGet: {httpHeaders: [{name: X-Api-Key, value: correct}]}}}",
            "startupProbe.httpGet.httpHeaders[0].value",
        ),
        (
            "{readinessProbe: {exec: {command: [ping, '--password=correct']}}}",
            "readinessProbe.exec.command[1]",
        ),
        (
            "{lifecycle: {preStop: {exec: {command: [bye, --token, correct]}}}}",
            "lifecycle.preStop.exec.command[2]",
        ),
    ],
)
def test_a_secret_in_an_argument_or_a_header_is_found_at_its_place(fields: str, field: str) -> None:
    (finding,) = _found(_container(fields), "container-secret")
    assert finding.field == f"spec.containers[0].{field}"
    assert "correct" not in finding.message


@pytest.mark.parametrize(
    "fields",
    [
        "{args: ['--db-password=$(DB_PASSWORD)', '--token-file=/run/a', '--token-ttl=1h']}",
        "{args: [--api-key, --verbose, serve]}",
        "{args: ['--secret=shop-tls', '--webhook-secret', shop-hook]}",
        "{livenessProbe: {httpGet: {httpHeaders: [{name: Accept, value: text/html}]}}}",
        "{args: [1, null, {a: b}], livenessProbe: 1, lifecycle: [a]}",
    ],
)
def test_an_argument_without_a_secret_is_none(fields: str) -> None:
    assert not _found(_container(fields), "container-secret")


@pytest.mark.parametrize("name", ["SECRET_NAME", "VAULT_SECRET_PATH", "USE_SECRET"])
def test_a_variable_that_points_at_a_secret_counts_for_kube_linter_alone(name: str) -> None:
    text = _container(f"{{env: [{{name: {name}, value: kv-shop}}]}}")
    assert not _found(text, "env-var-secret")
    assert _found(text, "env-var-secret", Profile.KUBE_LINTER)


def test_a_credential_blocks_under_a_name_that_only_points() -> None:
    text = _container("{env: [{name: SECRET_NAME, value: 'postgres://app:correct@db'}]}")
    (finding,) = _found(text, "env-var-secret")
    assert finding.message == "the variable SECRET_NAME holds a password in a URL in the open"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("stringData", "op://vault/shop/password"),
        ("stringData", "postgres://app:${DB_PASSWORD}@db"),
        ("stringData", "changeme"),
        ("data", base64.b64encode(b"<path:secret/data/shop#password>").decode()),
        ("data", "<path:secret/data/shop#password | base64encode>"),
    ],
)
def test_a_secret_whose_value_is_filled_in_later_holds_none(part: str, value: str) -> None:
    text = "{{apiVersion: v1, kind: Secret, metadata: {{name: a}}, {}: {{password: '{}'}}}}"
    assert not _found(text.format(part, value), "secret-in-manifest")
    both = text.format(part, f"{value}', other: 'Y29ycmVjdA==")
    (finding,) = _found(both, "secret-in-manifest")
    assert finding.field == f"{part}.other"


@pytest.mark.parametrize(
    ("env", "count"),
    [
        ("{name: MINIO_ACCESS_KEY, value: minio}, {name: MINIO_SECRET_KEY, value: correct}", 1),
        ("{name: S3_ACCESS_KEY, value: shop}, {name: S3_SECRET_ACCESS_KEY, value: correct}", 1),
        ("{name: SHOP_ACCESS_KEY, value: correct}, {name: MINIO_SECRET_KEY, value: correct}", 2),
        ("{name: API_KEY, value: API_KEY_VAL}", 0),
        ("{name: API_KEY, value: API_KEY_OF_SHOP}", 1),
        ("{name: apikey, value: apikey}", 1),
    ],
)
def test_an_access_key_beside_its_secret_and_a_name_said_again_are_no_secrets(
    env: str, count: int
) -> None:
    assert len(_found(_container(f"{{env: [{env}]}}"), "env-var-secret")) == count


NO_KEY: Final = "-----BEGIN OPENSSH PRIVATE KEY-----\\n...\\n-----END OPENSSH PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("settings", "secret"),
    [
        ("url: 'https://git.example/shop', type: git", "url: 'https://app:correct@git.example'"),
        ("username: app, enableOCI: 'true', port: 80", "username: app, pin: '80'"),
        (f'sshPrivateKey: "{NO_KEY}", url: "git@git.example"', "sshPrivateKey: correct"),
        (r'app.yaml: "host: db\nlevel: 1\n"', r'app.yaml: "host: db\npassword: correct\n"'),
        (r'grafana.ini: "[log]\nlevel = debug\n"', r'license.key: "[log]\nlevel = debug\n"'),
    ],
)
def test_a_secret_without_a_value_that_reads_as_one_only_warns(settings: str, secret: str) -> None:
    text = "{{apiVersion: v1, kind: Secret, metadata: {{name: a}}, stringData: {{{}}}}}"
    actions = [
        _found(text.format(data), "secret-in-manifest")[0].action for data in (settings, secret)
    ]
    assert actions == [Action.WARN, Action.BLOCK]


def test_settings_in_base64_are_read_as_those_in_plain_text() -> None:
    text = "{{apiVersion: v1, kind: Secret, metadata: {{name: a}}, data: {{{}: {}}}}}"
    encoded = base64.b64encode(b"https://git.example/shop").decode()
    found = [_found(text.format(key, encoded), "secret-in-manifest")[0] for key in ("url", "value")]
    assert [f.action for f in found] == [Action.WARN, Action.BLOCK]
