"""The policy's `revocations` section: the list of passes that somebody ended, and who may."""

from __future__ import annotations

from typing import Annotated

from gate.model.image import ImageReference
from gate.policy.duration import Duration
from gate.policy.fields import After, Sized, written
from gate.policy.section import Section


def _list(text: str) -> str:
    reference = ImageReference.parse(text)
    if reference.digest is not None or reference.tag is None:
        msg = "the list is named by its tag, as registry.example/security/revocations:production"
        raise ValueError(msg)
    return text


class RevocationsSection(Section):
    """The list that ends passes before their time. Without it, no pass ends early."""

    from_: Annotated[str, After(_list)] = written(alias="from")
    """Where the list is: registry, repository and tag. `gate revoke` writes it."""
    by: Annotated[tuple[str, ...], Sized(min_length=1)]
    """Names of signers: a list that none of them signed ends nothing and admits nothing."""
    max_age: Duration = written(alias="max-age")
    """How long ago the list may have been signed. An older one may lack what was ended since, so
    nothing is admitted with it."""
