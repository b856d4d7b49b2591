"""Secrets that the manifests themselves keep."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from gate.credentials.forms import credential
from gate.credentials.names import names_place, names_secret, names_value
from gate.credentials.references import is_open, is_placeholder, is_reference
from gate.credentials.texts import credential_in, holds_secret
from gate.documents.lenient import dig, mapping, text, texts_in
from gate.lint.facts.contents import Contents
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.document import Path
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import is_native
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
    "secret-in-field",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTENTS,
    References(owasp_2022="K08", owasp_2025="K03"),
)
def secret_in_field(held: Contents) -> Iterator[Violation]:
    """No field of a custom object, and no annotation, holds a credential.

    Why: values of charts, addresses of repositories and settings of operators are in version
    control, and everybody who may read the object has them.

    Passes when: no annotation, no field of a custom object or of a persistent volume, no parameter
    of a storage class and no address of a webhook holds a credential by its form (a private key, a
    token of a known service, a URL with a password), and no field that is a secret by its name has
    a value in the open. The profile gate only warns of the name: the value may be the name of
    something. Containers, config maps and secrets have rules of their own.

    Remedy: Name a Secret in place of the value, and change the value that was exposed.
    """
    for path, value in _fields(held):
        form = credential(value) if len(value) >= _SHORTEST_FORM else None
        if form is not None:
            yield Violation(f"the field holds {form} in the open", path)
        elif _is_named(held.object, path) and is_open(value) and not names_secret(value):
            yield Violation("the field holds a secret in the open", path, doubtful=True)


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


def _fields(held: Contents) -> Iterator[tuple[Path, str]]:
    """Yield the texts of an object that no other rule about secrets looks at."""
    obj = held.object
    annotations = dig(obj.value, "metadata", "annotations")
    yield from texts_in(annotations, ("metadata", "annotations"))
    for pod in held.pods if is_native(obj) else ():
        if len(pod.metadata_path) > 1:
            path = (*pod.metadata_path, "annotations")
            yield from texts_in(pod.metadata.get("annotations"), path)
    if obj.name.kind in _DEFINING:
        return
    others = frozenset(
        (
            *(
                (*c.path, key)
                for pod in held.pods
                for c in pod.containers
                for key in _OF_CONTAINERS
            ),
            *(carried.path for carried in obj.embedded),
        )
    )
    for key, part in obj.value.items():
        own = key in _HELD or (key == "spec" and obj.name.kind == "PersistentVolume")
        if own or (key not in _HEAD and not is_native(obj)):
            yield from texts_in(part, (key,), others)


def _is_named(obj: KubernetesObject, path: Path) -> bool:
    """Whether a field is a secret by its name, or by the name beside it as in a list of pairs."""
    key = str(path[-1])
    if key == "value":
        holder: Any = obj.value
        for part in path[:-1]:
            holder = holder[part]
        key = text(dig(holder, "name")).rpartition(".")[2]
    said = key.lower().replace("_", "").replace("-", "")
    return "annotations" not in path and said.endswith(_SURE) and names_value(key)


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


_SHORTEST_FORM: Final = 12
"""Characters of the shortest credential that its form gives away."""
_SURE: Final = (
    *("password", "passwd", "passphrase", "apikey", "clientsecret", "accesstoken", "authtoken"),
    *("privatekey", "secretaccesskey"),
)
"""How fields end that hold a secret and seldom the name of an object."""
_HEAD: Final = frozenset(("apiVersion", "kind", "metadata", "status"))
_HELD: Final = ("parameters", "webhooks")
"""Of a storage class, and of what configures webhooks."""
_DEFINING: Final = frozenset(
    ("ConfigMap", "CustomResourceDefinition", "SealedSecret", "Secret", "SopsSecret")
)
"""Kinds with rules of their own or sealed, and one that only says how others are written."""
_OF_CONTAINERS: Final = (
    *("args", "command", "env", "lifecycle"),
    *("livenessProbe", "readinessProbe", "startupProbe"),
)
"""Fields of a container that env-var-secret and container-secret look at."""
_OF_SETTINGS: Final = expression(r"\.(?:ya?ml|json|toml|ini|cfg|conf|config|properties|xml)$")

RULES: Final = (
    configmap_secret,
    secret_in_manifest,
    secret_in_field,
    long_lived_service_account_token,
)
