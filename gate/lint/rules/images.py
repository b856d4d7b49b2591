"""Names of images, as far as a manifest alone can judge them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.lint.rule import References, Rule, Scope, Violation
from gate.lint.view import Container
from gate.model.verdict import Action, Severity


def latest_tag(container: Container) -> Iterator[Violation]:
    """Images carry a digest, or a tag other than latest.

    Why: latest is whatever was pushed last, so nobody can say what runs or go back to it.

    Passes when: the image has a digest, or a tag that is not latest.

    Remedy: Name a version, or pin the digest with gate pin.
    """
    name, at, _ = container.image.partition("@")
    if not name or at:
        return
    tag = name.rpartition("/")[2].partition(":")[2]
    if tag in ("", "latest"):
        said = "the tag latest" if tag else "no tag"
        yield Violation(f"the image {name} has {said}", (*container.path, "image"))


RULES: Final = (
    Rule(
        "latest-tag",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.CONTAINER,
        latest_tag,
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
    ),
)
