"""Names of images, as far as a manifest alone can judge them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, mapping, mappings, strings, text
from gate.lint.facts.contents import Contents, NamedImage
from gate.lint.facts.given_up import given_up
from gate.lint.facts.view import Container
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "latest-tag",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.IMAGE,
    References(
        owasp_2022="K02",
        peers={
            "kube-linter": ("latest-tag",),
            "checkov": ("CKV_K8S_14",),
            "trivy": ("KSV-0013",),
            "kubescape": ("agent-sandbox-image-tag-provenance",),
            "polaris": ("tagNotSpecified",),
            "kube-score": ("Container Image Tag",),
            "kyverno": ("disallow-latest-tag",),
        },
    ),
)
def latest_tag(image: NamedImage) -> Iterator[Violation]:
    """Images carry a digest, or a tag other than latest.

    Why: latest is the image that was pushed last, so nobody can say what runs or go back to it.

    Passes when: the image has a digest, or a tag that is not latest.

    Remedy: Name a version, or pin the digest with gate pin.
    """
    if is_mutable(image.text):
        yield Violation(f"the image {image.text} names no version", image.path)


@lint_rule(
    "image-digest-required",
    Severity.MEDIUM,
    Action.WARN,
    Scope.IMAGE,
    References(
        owasp_2022="K02",
        peers={
            "checkov": ("CKV_K8S_43",),
            "kubescape": ("image-not-pinned-to-digest",),
            "kyverno": ("require-image-checksum",),
        },
    ),
)
def image_digest_required(image: NamedImage) -> Iterator[Violation]:
    """Images are pinned by their digest.

    Why: a tag can be moved after it was checked; a digest is the content itself.

    Passes when: the image ends in @sha256: and 64 hexadecimal digits, or in a digest of
    sha512 or blake3.

    Remedy: Run gate pin on the manifest.
    """
    if not _DIGEST.search(image.text):
        yield Violation(f"the image {image.text} has no digest", image.path)


@lint_rule(
    "deprecated-image-registry",
    Severity.LOW,
    Action.WARN,
    Scope.IMAGE,
    References(
        owasp_2022="K10",
        owasp_2025="K07",
        peers={
            "kubescape": ("rule-identify-old-k8s-registry",),
            "kyverno": ("restrict-deprecated-registry",),
        },
    ),
)
def deprecated_image_registry(image: NamedImage) -> Iterator[Violation]:
    """Images do not come from registries that were given up.

    Why: k8s.gcr.io and its twins are frozen; they get no fixes and may go away.

    Passes when: the image is not under k8s.gcr.io or gcr.io/google-containers.

    Remedy: Use registry.k8s.io.
    """
    if image.text.startswith(_FROZEN):
        yield Violation(f"the registry of {image.text} is frozen", image.path)


@lint_rule(
    "image-pull-policy",
    Severity.LOW,
    Action.WARN,
    Scope.IMAGE,
    References(
        owasp_2022="K02",
        peers={
            "checkov": ("CKV_K8S_15",),
            "kubescape": ("image-pull-policy-is-not-set-to-always",),
            "polaris": ("pullPolicyNotAlways",),
            "kube-score": ("Container Image Pull Policy",),
            "kyverno": ("imagepullpolicy-always",),
        },
    ),
)
def image_pull_policy(image: NamedImage) -> Iterator[Violation]:
    """An image whose tag may move is pulled at each start.

    Why: otherwise each node runs whichever content it happened to pull first.

    Passes when: the image has a digest or a version, or imagePullPolicy (of an image volume,
    pullPolicy) is Always (which Kubernetes sets itself for latest and for no tag).

    Remedy: Pin the digest, or set imagePullPolicy: Always.
    """
    if not is_mutable(image.text):
        return
    for key in ("imagePullPolicy", "pullPolicy"):
        policy = image.beside.get(key)
        if isinstance(policy, str) and policy != "Always":
            path = (*image.path[:-1], key)
            yield Violation(f"the image may move, and the pull policy is {policy}", path)


@lint_rule(
    "gatekeeper-repo-ambiguous-prefix",
    Severity.MEDIUM,
    None,
    Scope.OBJECT,
    References(owasp_2022="K04", owasp_2025="K04", peers={"trivy": ("KSV-0124",)}),
    kinds=frozenset(
        (
            "K8sAllowedRepos",
            "K8sDisallowedRepos",
        )
    ),
)
def gatekeeper_repo_ambiguous_prefix(obj: KubernetesObject) -> Iterator[Violation]:
    """Allowed repositories of a Gatekeeper constraint end in a slash.

    Why: the constraint compares beginnings of text, so example.com/team also allows
    example.com/team-of-somebody-else.

    Passes when: each entry of parameters.repos ends in / or names a tag or a digest.

    Remedy: End the entry with a slash.
    """
    parameters = mapping(dig(obj.value, "spec", "parameters"))
    for key in ("repos", "exemptImages"):
        for index, repository in enumerate(strings(parameters.get(key))):
            if not repository.endswith("/") and ":" not in repository.rpartition("/")[2]:
                path = ("spec", "parameters", key, index)
                yield Violation(f"the prefix {repository} allows more than it says", path)


@lint_rule(
    "known-vulnerable-component",
    Severity.HIGH,
    Action.WARN,
    Scope.CONTENTS,
    References(
        owasp_2022="K10",
        owasp_2025="K07",
        peers={
            "checkov": (
                "CKV_K8S_34",
                "CKV_K8S_44",
                "CKV_K8S_45",
                "CKV_K8S_33",
            ),
            "trivy": ("KSV-0102",),
            "kubescape": (
                "rule-access-dashboard-wl-v1",
                "detect-nginx-ingress-controller-eol",
                "CVE-2022-24348",
                "CVE-2022-39328",
                "CVE-2022-47633",
            ),
            "kyverno": ("disallow-helm-tiller",),
        },
    ),
)
def known_vulnerable_component(held: Contents) -> Iterator[Violation]:
    """No component runs that is known to hand over the cluster.

    Why: Tiller gives every pod cluster-admin, the dashboard was the way into many
    clusters, and ingress-nginx before 1.11.5 and 1.12.1 runs code that strangers send
    (CVE-2025-1974).

    Passes when: no image is one of Tiller, the Kubernetes dashboard, or the ingress-nginx
    controller before 1.11.5, or 1.12.0, the pod has not the dashboard's account, and neither
    the pod nor what holds it is called tiller.

    Remedy: Remove the component, or move to a version that is still mended.
    """
    for pod in held.pods:
        if text(pod.value.get("serviceAccountName")).startswith("kubernetes-dashboard"):
            path = (*pod.path, "serviceAccountName")
            yield Violation("the pod runs under the account of the Kubernetes dashboard", path)
    yield from _tiller(held)
    for image in held.images:
        problem = _known_hole(image.text)
        if problem:
            yield Violation(problem, image.path, image.container)


@lint_rule(
    "given-up-component",
    Severity.MEDIUM,
    Action.WARN,
    Scope.IMAGE,
    References(
        owasp_2022="K10",
        owasp_2025="K07",
        peers={"kubescape": ("detect-nginx-ingress-controller-eol",)},
    ),
)
def given_up_component(image: NamedImage) -> Iterator[Violation]:
    """No image is of a component that its makers gave up.

    Why: nobody mends what is found in it from that day on, and the image may go away.

    Passes when: the image is not in gate's list: ingress-nginx (given up in March 2026),
    Bitnami's legacy catalogue, kube-rbac-proxy of Kubebuilder, kaniko, the agents of Grafana
    before Alloy, and Weaveworks.

    Remedy: Move to what the message names.
    """
    row = given_up(image.text)
    if row:
        message = f"{image.text} gets no fixes since {row.since} ({row.source}): use {row.instead}"
        yield Violation(message, image.path)


def _tiller(held: Contents) -> Iterator[Violation]:
    names = [(held.object.name.name, ("metadata", "name"))] if held.pods else []
    for name, path in (
        *names,
        *((text(p.metadata.get("name")), (*p.metadata_path, "name")) for p in held.pods),
    ):
        if "tiller" in name.split("-"):
            yield Violation("Tiller hands cluster-admin to every pod", path)
            return


@lint_rule(
    "not-linted-inside",
    Severity.INFO,
    Action.WARN,
    Scope.CONTENTS,
    References(),
)
def not_linted_inside(held: Contents) -> Iterator[Violation]:
    """Lint looks into everything that runs an image.

    Why: a custom kind, or an annotation, can name an image and say in its own words how it
    runs. Lint does not know these words, so its silence about that container means nothing.

    Passes when: each image of the object is in a pod, or in what is shaped like a container.

    Remedy: Read by hand what the object lets the image do, or lint what its operator makes.
    """
    fields = {pod.path for pod in held.pods}
    inside = {c.path for pod in held.pods for c in pod.containers}
    inside.update((*path, "volumes") for path in fields)
    for image in held.images:
        if held.object.embeds(image.path):
            continue  # what the text holds is looked at by itself
        above = (image.path[:length] for length in range(len(image.path)))
        if image.path[:-1] not in fields and inside.isdisjoint(above):
            message = f"lint does not know how {image.text} runs in this {held.object.name.kind}"
            yield Violation(message, image.path)
            return


def _known_hole(image: str) -> str | None:
    name, _, tag = image.partition("@")[0].rpartition(":")
    if "/" in tag or not name:
        name, tag = image, ""
    base = name.rpartition("/")[2]
    if base == "tiller" or "kubernetes-helm/tiller" in name:
        return "Tiller hands cluster-admin to every pod"
    if base.startswith(("kubernetes-dashboard", "dashboard-")) or name.endswith(
        "kubernetesui/dashboard"
    ):
        return "the Kubernetes dashboard is given up"
    if "ingress-nginx/controller" in name or base == "nginx-ingress-controller":
        version = _version(tag)
        if version and (version < (1, 11, 5) or version == (1, 12, 0)):
            return f"ingress-nginx {tag} runs what strangers send"
    return None


@lint_rule(
    "git-sync-injection",
    Severity.MEDIUM,
    None,
    Scope.CONTAINER,
    References(owasp_2022="K02", owasp_2025="K07", peers={"checkov": ("CKV_K8S_159",)}),
)
def git_sync_injection(container: Container) -> Iterator[Violation]:
    """Git-sync takes no commands from the manifest's values.

    Why: its options for the git program and for hooks run every text that they are given.

    Passes when: no container of a git-sync image sets a git binary, a hook command, or the
    extra git configuration, by argument or by variable.

    Remedy: Remove the option, and build the program into an image of your own.
    """
    if "git-sync" not in container.image:
        return
    for key in ("command", "args"):
        for index, part in enumerate(strings(container.value.get(key))):
            if part.lstrip("-").partition("=")[0] in _GIT_OPTIONS:
                path = (*container.path, key, index)
                yield Violation(f"git-sync runs what {part} says", path)
    for index, variable in mappings(container.value.get("env")):
        name = text(variable.get("name")).removeprefix("GIT_SYNC_").removeprefix("GITSYNC_")
        if name.lower().replace("_", "-") in _GIT_OPTIONS:
            path = (*container.path, "env", index)
            yield Violation(f"git-sync runs what {variable.get('name')} says", path)


def is_mutable(image: str) -> bool:
    """Whether an image has no digest and no tag but latest."""
    name, at, _ = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return not at and tag in ("", "latest")


def _version(tag: str) -> tuple[int, ...] | None:
    found = _VERSION.match(tag)
    return tuple(map(int, found.groups())) if found else None


_DIGEST: Final = expression(r"@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|blake3:[0-9a-f]{64})\Z")
_VERSION: Final = expression(r"v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})", re.ASCII)
_FROZEN: Final = ("k8s.gcr.io/", "gcr.io/google-containers/", "gcr.io/google_containers/")
_GIT_OPTIONS: Final = frozenset(
    ("git", "git-config", "exechook-command", "sync-hook-command", "askpass-url")
)

RULES: Final = (
    latest_tag,
    image_digest_required,
    deprecated_image_registry,
    image_pull_policy,
    gatekeeper_repo_ambiguous_prefix,
    known_vulnerable_component,
    given_up_component,
    not_linted_inside,
    git_sync_injection,
)
