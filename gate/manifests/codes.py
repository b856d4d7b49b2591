"""What the reason codes of this room mean: manifests and the images that they name."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "not-a-kubernetes-object": CodePage(
        "A document is not a Kubernetes object.",
        "It has no `apiVersion` and `kind`, or it only names other manifests. gate skips "
        "nothing in silence.",
        "Name rendered manifests: what `helm template` or `kustomize build` prints.",
        "helm template chart | gate check -",
    ),
    "template-not-rendered": CodePage(
        "A template was not rendered.",
        "It holds `{{` or `${` where a value belongs, so nobody knows what will be applied.",
        "Render it first, and name the rendered file.",
        "helm template chart >rendered.yaml\ngate check rendered.yaml",
    ),
    "image-missing": CodePage(
        "A container names no image.",
        "What runs there cannot be verified.",
        "Name the image, with its digest.",
    ),
    "cannot-pin": CodePage(
        "An image takes no digest from gate.",
        "It is written as a block scalar, as a part of a longer text, or by a name that something "
        "else repeats. The other images of the file are pinned.",
        "Write the image as plain or quoted text of its own, or add the digest yourself.",
    ),
    "not-canonical": CodePage(
        "An object has no canonical form.",
        "Canonical JSON (RFC 8785) cannot hold a whole number beyond 2**53 - 1 or half a "
        "character, so a pass cannot bind the object.",
        "Quote such numbers.",
    ),
}
