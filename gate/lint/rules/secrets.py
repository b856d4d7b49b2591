"""Secrets in manifests, and how containers get them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Final

from gate.credentials.forms import credential
from gate.credentials.names import names_secret, names_value
from gate.credentials.references import is_open, is_placeholder, is_reference
from gate.credentials.texts import credential_in
from gate.documents.lenient import dig, mapping, mappings, text
from gate.lint.facts.view import Container
from gate.lint.rule import Parameter, References, Scope, Violation, lint_rule
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "env-var-secret",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTAINER,
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
    parameters=(
        Parameter(
            "any-secret",
            default=False,
            doc="Whether each variable whose name has `secret` in it counts, with any "
            "value. The profile `kube-linter` sets it, as KubeLinter does.",
        ),
    ),
)
def env_var_secret(container: Container, *, any_secret: bool) -> Iterator[Violation]:
    """No environment variable holds a secret in the open.

    Why: the manifest is in version control, and every process and crash report of the
    container shows its environment.

    Passes when: no variable that is a secret by its name (DB_PASSWORD, CLIENT_SECRET, API_KEY)
    has a value in the open, and no value is a credential by its form: a private key, a token
    of a known service, a signed token, a URL with a password. A name that only points
    (SECRET_NAME, TOKEN_FILE, USE_TOKEN) holds none, and neither does a path, a number, a yes
    or no, a reference (${NAME}, op://vault/item) or a placeholder.

    Remedy: Mount the secret as a file, or take it from secretKeyRef.
    """
    for index, variable in mappings(container.value.get("env")):
        name, value = text(variable.get("name")), text(variable.get("value"))
        path = (*container.path, "env", index, "value")
        form = credential(value)
        if form is not None:
            yield Violation(f"the variable {name} holds {form} in the open", path)
        elif _is_secret(name, value) or (any_secret and value and "secret" in name.lower()):
            yield Violation(f"the variable {name} holds a secret in the open", path)


@lint_rule(
    "container-secret",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTAINER,
    References(cis="5.4.1", owasp_2022="K08", owasp_2025="K03"),
)
def container_secret(container: Container) -> Iterator[Violation]:
    """No argument and no header of a probe holds a secret in the open.

    Why: the manifest is in version control, and every process of the node can read the
    arguments of the others.

    Passes when: no option of command, args, a probe or a hook that is a secret by its name
    has a value in the open (--db-password=abc, or --db-password before abc), none of them
    and no header of httpGet holds a credential by its form, and no header that is a secret
    by its name has a value in the open.

    Remedy: Mount the secret as a file and name the file, or take the value from a variable
    with secretKeyRef, such as $(DB_PASSWORD).
    """
    for path, words in _commands(container):
        for index, what in _in_words(words):
            yield Violation(f"the argument holds {what} in the open", (*path, index))
    for path, action in _actions(container):
        for index, header in mappings(dig(action, "httpGet", "httpHeaders")):
            name, value = text(header.get("name")), text(header.get("value"))
            held = credential(value) or ("a secret" if _is_secret(name, value) else None)
            if held is not None:
                where = (*path, "httpGet", "httpHeaders", index, "value")
                yield Violation(f"the header {name} holds {held} in the open", where)


@lint_rule(
    "read-secret-from-env-var",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
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
)
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
        plain = "\n" not in value.strip() and "." not in key and _is_secret(key, value)
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
    secrets are other kinds.

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
        yield Violation("the secret's value is in the manifest", path)


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


def _is_secret(name: str, value: str) -> bool:
    return names_secret(name) and is_open(value)


def _is_filled_in(value: object, *, is_encoded: bool) -> bool:
    """Whether a tool replaces the value of a Secret, be it written plainly or in base64."""
    if not isinstance(value, str):
        return False
    if is_reference(value) or is_placeholder(value):
        return True
    if not is_encoded:
        return False
    try:
        inner = base64.b64decode(value, validate=True).decode()
    except ValueError:
        return False
    return is_reference(inner) or is_placeholder(inner)


def _commands(container: Container) -> Iterator[tuple[Path, list[str]]]:
    for key in ("command", "args"):
        yield (*container.path, key), _words(container.value.get(key))
    for path, action in _actions(container):
        yield (*path, "exec", "command"), _words(dig(action, "exec", "command"))


def _actions(container: Container) -> Iterator[tuple[Path, object]]:
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield (*container.path, probe), container.value.get(probe)
    for hook in ("postStart", "preStop"):
        path = (*container.path, "lifecycle", hook)
        yield path, dig(container.value, "lifecycle", hook)


def _words(value: object) -> list[str]:
    """Return the texts of a list, each at its place: what is no text is empty."""
    return [text(word) for word in value] if isinstance(value, list) else []


def _in_words(words: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the place of each argument that holds a secret, and what it holds."""
    waiting = False
    for index, word in enumerate(words):
        form = credential(word)
        option = _OPTION.fullmatch(word)
        if form is not None:
            yield index, form
        elif option is not None and option[2] is not None:
            if names_value(option[1]) and is_open(option[2]):
                yield index, "a secret"
        elif waiting and not option and is_open(word):
            yield index, "a secret"
        waiting = option is not None and option[2] is None and names_value(option[1])


_OPTION: Final = re.compile(r"-{1,2}([A-Za-z][\w.-]{0,127})(?:=([^\n]{0,4096}))?", re.ASCII)

RULES: Final = (
    env_var_secret,
    container_secret,
    read_secret_from_env_var,
    configmap_secret,
    secret_in_manifest,
    long_lived_service_account_token,
)
