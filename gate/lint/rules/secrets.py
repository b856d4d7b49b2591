"""How containers get their secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.credentials.commands import option_in, secrets_in
from gate.credentials.forms import credential
from gate.credentials.texts import holds_secret
from gate.documents.lenient import dig, mappings, text
from gate.lint.facts.view import Container
from gate.lint.rule import Parameter, References, Scope, Violation, lint_rule
from gate.model.document import Path
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
    or no, a reference (${NAME}, op://vault/item) or a placeholder. An access key beside its
    secret key (MINIO_ACCESS_KEY, MINIO_SECRET_KEY) is the name of a user.

    Remedy: Mount the secret as a file, or take it from secretKeyRef.
    """
    variables = [
        (index, text(variable.get("name")), text(variable.get("value")))
        for index, variable in mappings(container.value.get("env"))
    ]
    names = {name for _, name, _ in variables}
    for index, name, value in variables:
        path = (*container.path, "env", index, "value")
        form = credential(value)
        if form is not None:
            yield Violation(f"the variable {name} holds {form} in the open", path)
        elif _is_of_pair(name, names) and not any_secret:
            continue
        elif name.endswith(_OPTIONS) and option_in(value):
            yield Violation(f"the variable {name} holds an option with a secret in the open", path)
        elif holds_secret(name, value) or (any_secret and value and "secret" in name.lower()):
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
    has a value in the open (--db-password=abc, or --db-password before abc), nor has a variable
    that a command of a shell sets (DB_PASSWORD=abc ./run). No program that takes a password by
    another option gets one in the open: curl -u user:abc, mysql -pabc, redis-cli -a abc, and a
    few more. A text for a shell is looked at word by word. None of them and no header of httpGet
    or curl holds a credential by its form, and no header that is a secret by its name has a value
    in the open.

    Remedy: Mount the secret as a file and name the file, or take the value from a variable
    with secretKeyRef, such as $(DB_PASSWORD).
    """
    for path, words, program in _commands(container):
        for index, what in secrets_in(words, program):
            yield Violation(f"the argument holds {what} in the open", (*path, index))
    for path, action in _actions(container):
        for index, header in mappings(dig(action, "httpGet", "httpHeaders")):
            name, value = text(header.get("name")), text(header.get("value"))
            held = credential(value) or ("a secret" if holds_secret(name, value) else None)
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


def _is_of_pair(name: str, names: set[str]) -> bool:
    """Whether it is the access key that a secret key is beside."""
    before, found, after = name.rpartition("ACCESS_KEY")
    return (
        bool(found)
        and not after
        and not before.endswith("SECRET_")
        and any(f"{before}{secret}" in names for secret in ("SECRET_KEY", "SECRET_ACCESS_KEY"))
    )


def _commands(container: Container) -> Iterator[tuple[Path, list[str], str]]:
    """Yield each list of words, and the program that gets them where they do not name it."""
    command = _words(container.value.get("command"))
    image = text(container.value.get("image")).partition("@")[0].rpartition("/")[2]
    yield (*container.path, "command"), command, ""
    program = command[0].rpartition("/")[2] if command else image.partition(":")[0]
    yield (*container.path, "args"), _words(container.value.get("args")), program
    for path, action in _actions(container):
        yield (*path, "exec", "command"), _words(dig(action, "exec", "command")), ""


def _actions(container: Container) -> Iterator[tuple[Path, object]]:
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield (*container.path, probe), container.value.get(probe)
    for hook in ("postStart", "preStop"):
        path = (*container.path, "lifecycle", hook)
        yield path, dig(container.value, "lifecycle", hook)


def _words(value: object) -> list[str]:
    """Return the texts of a list, each at its place: what is no text is empty."""
    return [text(word) for word in value] if isinstance(value, list) else []


_OPTIONS: Final = ("ARGS", "FLAGS", "OPTIONS", "OPTS")
"""How variables end that hold options of a program."""
RULES: Final = (
    env_var_secret,
    container_secret,
    read_secret_from_env_var,
)
