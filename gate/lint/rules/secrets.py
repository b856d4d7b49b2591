"""Secrets in manifests, and how containers get them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gate.lint.facts.view import Container, dig, mapping, mappings, text
from gate.lint.rule import References, Rule, Scope, Violation
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


def env_var_secret(container: Container) -> Iterator[Violation]:
    """No environment variable holds a secret in the open.

    Why: the manifest is in version control, and every process and crash report of the
    container shows its environment.

    Passes when: no variable whose name says secret, password, token, private or access key,
    or credentials has a literal value that could be one (a path, a number, a yes or no, or
    a reference to another variable cannot), and no value holds a private key, a cloud
    access key or a bearer token.

    Remedy: Mount the secret as a file, or take it from secretKeyRef.
    """
    for index, variable in mappings(container.value.get("env")):
        name, value = text(variable.get("name")), text(variable.get("value"))
        if (
            (_SECRET_NAME.search(name) and not _HARMLESS_NAME.search(name) and _is_secret(value))
            or ("secret" in name.lower() and value)
            or _holds_key(value)
        ):
            path = (*container.path, "env", index, "value")
            yield Violation(f"the variable {name} holds a secret in the open", path)


def read_secret_from_env_var(container: Container) -> Iterator[Violation]:
    """Secrets reach containers as files.

    Why: an environment is inherited, logged and dumped; a file is read where it is needed.

    Passes when: no env has a secretKeyRef and no envFrom a secretRef.

    Remedy: Mount the secret as a volume.
    """
    for index, variable in mappings(container.value.get("env")):
        if isinstance(dig(variable, "valueFrom", "secretKeyRef"), dict):
            path = (*container.path, "env", index, "valueFrom", "secretKeyRef")
            yield Violation(f"the variable {text(variable.get('name'))} is a secret", path)
    for index, source in mappings(container.value.get("envFrom")):
        if isinstance(source.get("secretRef"), dict):
            path = (*container.path, "envFrom", index, "secretRef")
            yield Violation("a whole secret becomes the environment", path)


def configmap_secret(obj: KubernetesObject) -> Iterator[Violation]:
    """Config maps hold no credentials.

    Why: config maps are readable far more widely than secrets, and are not encrypted.

    Passes when: no key that names a credential has a value that could be one, and no value
    holds a private key, a cloud access key, or a line such as DB_PASSWORD=abc.

    Remedy: Move the value to a Secret that an external store fills.
    """
    for key, value in mapping(obj.value.get("data")).items():
        if not isinstance(value, str):
            continue
        one_line = "\n" not in value.strip()
        named = _SECRET_NAME.search(key) and not _HARMLESS_NAME.search(key)
        plain = named and one_line and "." not in key and _is_secret(value)
        if plain or _holds_key(value) or _assigns_secret(value):
            yield Violation(f"the key {key} holds a credential", ("data", key))


def secret_in_manifest(obj: KubernetesObject) -> Iterator[Violation]:
    """Secrets are not kept in manifests.

    Why: base64 is no encryption: whoever reads the repository has the secret, for ever.

    Passes when: a Secret has neither data nor stringData with values, or is encrypted by
    SOPS; an expression in {{ }} is no value. Sealed and external secrets are other kinds.

    Remedy: Use an external or a sealed secret, and change the value that was exposed.
    """
    if "sops" in obj.value or obj.value.get("type") == "kubernetes.io/service-account-token":
        return
    values = [
        (key, name)
        for key in ("data", "stringData")
        for name, value in mapping(obj.value.get(key)).items()
        if value not in (None, "") and not _is_expression(value)
    ]
    if values:  # one finding, at what is a secret by its name
        path = next((p for p in values if _SECRET_NAME.search(p[1])), values[0])
        yield Violation("the secret's value stands in the manifest", path)


def long_lived_service_account_token(obj: KubernetesObject) -> Iterator[Violation]:
    """Service account tokens expire.

    Why: a token in a Secret is good until somebody deletes it.

    Passes when: no Secret is of the type kubernetes.io/service-account-token.

    Remedy: Use a projected token, or kubectl create token.
    """
    if obj.value.get("type") == "kubernetes.io/service-account-token":
        yield Violation("the secret is a token that never expires", ("type",))


def _is_expression(value: object) -> bool:
    """Whether a value is code that the cluster computes, as a policy's `{{hub … hub}}` is."""
    text_of = value.strip() if isinstance(value, str) else ""
    return text_of.startswith("{{") and text_of.endswith("}}") and text_of.count("{{") == 1


def _is_secret(value: str) -> bool:
    return bool(value) and not _HARMLESS_VALUE.fullmatch(value)


def _assigns_secret(value: str) -> bool:
    """Whether a line of the value sets a variable that is secret by its name."""
    return any(
        _SECRET_NAME.search(name) and not _HARMLESS_NAME.search(name) and _is_secret(given)
        for name, given in _ASSIGNMENT.findall(value)
    )


def _holds_key(value: str) -> bool:
    return any(mark in value for mark in _KEY_MARKS) and bool(_KEY.search(value))


_SECRET_NAME: Final = re.compile(
    r"secret|passwo?r?d|passwd|passphrase|(?<![^-_.])pwd(?![^-_.])|token|credential"
    r"|(?:access|account|api|batch|cli|client|encryption|private|signing|ssh|storage)[-_]?key",
    re.IGNORECASE,
)
_HARMLESS_NAME: Final = re.compile(
    r"(?:file|path|dir|name|url|uri|host|port|user|email|ttl|expir\w{0,32}|lifetime|duration|type"
    r"|enabled|disabled?|length|count|limit|audience|issuer|id|ref|endpoint|mount|provider"
    r"|reset|policy|rotation|algorithm|pattern|regex|format|template)s?$|^(?:max|min|num|enable|disable|use|allow)[-_]",
    re.IGNORECASE,
)
_HARMLESS_VALUE: Final = re.compile(
    r"/[\w./-]*|[0-9.]+[a-z]{0,2}|true|false|yes|no|none|null|\$\([\w.-]+\)|\$\{[\w.:-]+\}"
    r"|<[^>]*>|https?://[^@\s]*",
    re.IGNORECASE,
)
_KEY: Final = re.compile(
    r"---BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY---|\bAKIA[0-9A-Z]{16}\b|\bghp_[0-9A-Za-z]{36}\b"
    r"|^[Bb]earer [\w.~+/=-]{6,}$"
)
_ASSIGNMENT: Final = re.compile(
    r"^[ ]*(?:export[ ]+)?([A-Z][A-Z0-9_]{2,63})[ ]?[=:][ ]?"
    r"""["']?([^\s"'${<%][^\s"'$]{3,})["']?[ ]*$""",
    re.MULTILINE | re.ASCII,
)
"""A variable in capitals and a value that is neither a reference nor a template."""
_KEY_MARKS: Final = ("PRIVATE KEY-", "AKIA", "ghp_", "earer ")
"""One of these stands in whatever the pattern finds; to look for them is much faster."""

RULES: Final = (
    Rule(
        "env-var-secret",
        Severity.HIGH,
        Action.BLOCK,
        Scope.CONTAINER,
        env_var_secret,
        References(
            cis="5.4.1",
            owasp_2022="K08",
            owasp_2025="K03",
            peers={
                "kube-linter": ("env-var-secret",),
                "kubescape": ("rule-credentials-in-env-var",),
                "polaris": ("sensitiveContainerEnvVar",),
            },
        ),
    ),
    Rule(
        "read-secret-from-env-var",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        read_secret_from_env_var,
        References(
            cis="5.4.1",
            owasp_2022="K08",
            owasp_2025="K03",
            peers={
                "kube-linter": ("read-secret-from-env-var",),
                "checkov": ("CKV_K8S_35",),
                "kubescape": ("rule-secrets-in-env-var",),
                "kyverno": ("secrets-not-from-env-vars",),
            },
        ),
    ),
    Rule(
        "configmap-secret",
        Severity.HIGH,
        Action.BLOCK,
        Scope.OBJECT,
        configmap_secret,
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
    ),
    Rule(
        "secret-in-manifest",
        Severity.HIGH,
        Action.BLOCK,
        Scope.OBJECT,
        secret_in_manifest,
        References(cis="5.4.2", owasp_2022="K08", owasp_2025="K03"),
        kinds=frozenset(("Secret",)),
    ),
    Rule(
        "long-lived-service-account-token",
        Severity.HIGH,
        Action.WARN,
        Scope.OBJECT,
        long_lived_service_account_token,
        References(
            cis="5.1.6",
            owasp_2022="K06",
            owasp_2025="K09",
            peers={"kyverno": ("deny-secret-service-account-token-type",)},
        ),
        kinds=frozenset(("Secret",)),
    ),
)
