"""Secrets that the manifests themselves keep."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Final

from gate.credentials.forms import credential
from gate.credentials.names import names_place, names_secret
from gate.credentials.references import is_placeholder, is_reference
from gate.credentials.texts import credential_in, holds_secret
from gate.documents.lenient import mapping, text
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "configmap-secret",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(
        owasp_2022="K08",
        owasp_2025="K03",
        peers={
            "trivy": (
                "KSV-0109",
                "KSV-01010",
            ),
            "kubescape": ("rule-credentials-configmap",),
            "polaris": ("sensitiveConfigmapContent",),
        },
    ),
    kinds=frozenset(("ConfigMap",)),
)
def configmap_secret(obj: KubernetesObject) -> Iterator[Violation]:
    """Config maps hold no credentials.

    Why: config maps are readable far more widely than secrets, and are not encrypted.

    Passes when: no key that names a credential has a value that could be one, and no value
    holds a credential by its form (a private key, a token of a known service, a URL with a
    password) or a line that sets one: DB_PASSWORD=abc, password: abc, "apiKey": "abc", a token
    in an npmrc, a login in a dockerconfig.

    Remedy: Move the value to a Secret that an external store fills.
    """
    for key, value in mapping(obj.value.get("data")).items():
        if not isinstance(value, str):
            continue
        plain = "\n" not in value.strip() and "." not in key and holds_secret(key, value)
        what = "a credential" if plain else credential_in(value)
        if what is not None:
            yield Violation(f"the key {key} holds {what}", ("data", key))


@lint_rule(
    "secret-in-manifest",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(cis="5.4.2", owasp_2022="K08", owasp_2025="K03"),
    kinds=frozenset(("Secret",)),
)
def secret_in_manifest(obj: KubernetesObject) -> Iterator[Violation]:
    """Secrets are not kept in manifests.

    Why: base64 is no encryption: everybody who reads the repository has the secret, for ever.

    Passes when: a Secret has neither data nor stringData with values of its own, or is
    encrypted by SOPS. Values that a tool fills in later are none: ${NAME}, op://vault/item,
    <path:secret/data/shop#password>, ref+vault://shop, a placeholder. Sealed and external
    secrets are other kinds. The profile gate only warns where no value reads as a secret: each
    is an address, a name or a yes or no by its key (url, username, enableOCI), or the text of a
    configuration file in which no credential is found.

    Remedy: Use an external or a sealed secret, and change the value that was exposed.
    """
    if "sops" in obj.value or obj.value.get("type") == "kubernetes.io/service-account-token":
        return
    values = [
        (key, name)
        for key in ("data", "stringData")
        for name, value in mapping(obj.value.get(key)).items()
        if value not in (None, "") and not _is_filled_in(value, is_encoded=key == "data")
    ]
    if values:  # one finding, at what is a secret by its name
        path = next((p for p in values if names_secret(p[1])), values[0])
        settings = all(
            _is_setting(name, mapping(obj.value.get(key))[name], is_encoded=key == "data")
            for key, name in values
        )
        yield Violation("the secret's value is in the manifest", path, doubtful=settings)


@lint_rule(
    "long-lived-service-account-token",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    References(
        cis="5.1.6",
        owasp_2022="K06",
        owasp_2025="K09",
        peers={"kyverno": ("deny-secret-service-account-token-type",)},
    ),
    kinds=frozenset(("Secret",)),
)
def long_lived_service_account_token(obj: KubernetesObject) -> Iterator[Violation]:
    """Service account tokens expire.

    Why: a token in a Secret is good until somebody deletes it.

    Passes when: no Secret is of the type kubernetes.io/service-account-token.

    Remedy: Use a projected token, or kubectl create token.
    """
    if obj.value.get("type") == "kubernetes.io/service-account-token":
        yield Violation("the secret is a token that never expires", ("type",))


def _is_setting(name: str, value: object, *, is_encoded: bool) -> bool:
    """Whether a value of a Secret reads as a setting, and no part of it as a secret."""
    said = _decoded(value) if is_encoded else value
    if isinstance(said, int) or said in ("true", "false"):
        return not names_secret(name)
    if not isinstance(said, str) or credential_in(said) is not None or credential(said):
        return False
    if "\n" in said.strip():
        return bool(_OF_SETTINGS.search(name))
    return names_place(name) and not names_secret(name)


def _is_filled_in(value: object, *, is_encoded: bool) -> bool:
    """Whether a tool replaces the value of a Secret, be it written plainly or in base64."""
    if not isinstance(value, str):
        return False
    if is_reference(value) or is_placeholder(value):
        return True
    inner = _decoded(value) if is_encoded else None
    return inner is not None and (is_reference(inner) or is_placeholder(inner))


def _decoded(value: object) -> str | None:
    try:
        return base64.b64decode(text(value), validate=True).decode()
    except ValueError:
        return None


_OF_SETTINGS: Final = expression(r"\.(?:ya?ml|json|toml|ini|cfg|conf|config|properties|xml)$")

RULES: Final = (configmap_secret, secret_in_manifest, long_lived_service_account_token)
