"""The image comes from a registry that the policy allows.

Why: an allowlist is the first line against look-alike and abandoned images, and it keeps
credentials and requests away from hosts that nobody chose.

Passes when: an entry of `registries.allow` is the image's registry, its repository, or a
folder above it. Whole path segments of the canonical name are compared, so `ghcr.io/acme`
does not allow `ghcr.io/acme-evil`, and mirrors change nothing. An image that is not allowed
is not asked for at all.

Remedy: copy the image into an allowed registry, or let the policy's owners allow this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gate.model.code_page import CodePage
from gate.model.image import ImageReference
from gate.model.verdict import Failed, Finding, Outcome, Passed, Severity
from gate.policy.match import AllowedRegistry

NAME: Final = "registry"


def run(reference: ImageReference, allowed: Sequence[AllowedRegistry]) -> Outcome:
    """Compare the image's canonical name with each entry."""
    if any(entry.allows(reference) for entry in allowed):
        return Passed()
    return Failed(
        (
            Finding(
                rule=NAME,
                code="registry-not-allowed",
                severity=Severity.HIGH,
                message=(
                    f"{reference.registry}/{reference.repository} lies in none of the allowed "
                    f"registries ({', '.join(entry.text for entry in allowed)})"
                ),
                remedy="copy the image into an allowed registry, or allow this one in the policy",
                image=str(reference),
            ),
        )
    )


CODES: Final[dict[str, CodePage]] = {
    "registry-not-allowed": CodePage(
        "The image lies in a registry that the policy does not allow.",
        "`registries.allow` lists registries and folders of them by whole path segments. The "
        "image was not asked for.",
        "Push the image to an allowed registry, or add its folder to `registries.allow`.",
        "registries: {allow: [ghcr.io/acme]}   # ghcr.io/acme/shop, and not ghcr.io/acme-evil/shop",
    ),
}
