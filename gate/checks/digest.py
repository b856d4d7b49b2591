"""The manifest names the image by its digest.

Why: a tag can be moved after it was judged; a digest cannot. What was judged is then what
runs, on every node and at every restart.

Passes when: the reference carries `@sha256:…`.

Remedy: run `gate pin` on the manifests, or let your build write digests.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal

from gate.checks.demand.base import Check
from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence
from gate.model.verdict import Outcome, Passed, Severity
from gate.policy.section import Params


class DigestParams(Params):
    """Written `digest: required`."""

    word: ClassVar = {
        "const": "required",
        "description": "The manifest names the image by its digest, and not by a tag alone.",
    }
    demand: Literal["required"]
    """Always `required`."""


def run(image: ImageEvidence, asked: DigestParams, now: datetime) -> Outcome:
    """Look at the reference alone."""
    del asked, now
    if image.image.reference.digest is not None:
        return Passed()
    return CHECK.failed(
        image,
        "digest-required",
        f"{image.image.reference} is named by its tag, which can move to another image",
        remedy=f"write {image.image}, or run `gate pin` on the manifest",
    )


_CODES: Final[dict[str, CodePage]] = {
    "digest-required": CodePage(
        "The image is named by its tag alone.",
        "A tag can move between the check and the pull, so what runs may not be what was judged.",
        "Pin it with `gate pin`, or apply what `gate admit --pinned FILE` writes.",
        "image: ghcr.io/acme/shop:1.4@sha256:<64 hex>",
    ),
}

CHECK: Final = Check(
    name="digest",
    severity=Severity.MEDIUM,
    params=DigestParams,
    run=run,
    codes=_CODES,
    wants=frozenset(),
)
