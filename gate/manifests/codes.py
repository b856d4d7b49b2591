"""What the reason codes of this room mean: manifests and the images that they name."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "not-a-kubernetes-object": CodePage(
        "Files of a folder hold no Kubernetes object.",
        "They have no `apiVersion` and `kind`, or only name other manifests. kubectl refuses "
        "them, so nothing is deployed from them; what a tool makes of them was not judged.",
        "Name the folder of the chart or kustomization itself: gate renders it with the helm, "
        "kustomize or kubectl on PATH. Or leave the files out with `manifests: {exclude: […]}` "
        "in the policy.",
        "gate check chart --values production.yaml",
    ),
    "template-not-rendered": CodePage(
        "A template was not rendered.",
        "It holds `{{` or `${` where a value belongs, so nobody knows what will be applied.",
        "Name the folder of the chart itself, which gate renders where helm is on PATH, or render "
        "it first and name the rendered file.",
        "gate check chart --values production.yaml",
    ),
    "image-missing": CodePage(
        "A container names no image.",
        "What runs there cannot be verified.",
        "Name the image, with its digest.",
    ),
    "unjudged-image": CodePage(
        "A field looks like an image, and gate does not know it.",
        "It names an image with its registry, or begins with `oci://`, and is in no position that "
        "`docs/images.md` lists. What it makes run was not judged.",
        "Say in the policy what the field is: an image, or nothing that runs.",
        "manifests:\n  images:\n"
        "    - {kind: Broker, path: spec.agent.imageRef}\n"
        "    - {kind: Broker, path: spec.docs.images, ignore: screenshots}",
    ),
    "embedded-manifest-unread": CodePage(
        "A manifest inside of a field cannot be read.",
        "The text of the field is written like a manifest, so something in the cluster may create "
        "it, and it is no YAML that gate reads.",
        "Correct the YAML in the field, or write the objects themselves.",
    ),
    "changes-objects-later": CodePage(
        "An object changes or creates others inside the cluster.",
        "A mutating webhook or policy can change what gate has judged, after it was judged.",
        "Judge what it makes in the cluster too, with an admission webhook.",
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
