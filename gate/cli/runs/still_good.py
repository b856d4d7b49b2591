"""A pass that is there already and says the same, so that no second one is signed beside it.

An image that is checked every night would otherwise carry one pass more every night.
"""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import Any, Final

from gate.cli.reads.signer import Signer
from gate.documents.same_json import is_same_json
from gate.errors import RegistryError
from gate.model.clock import is_ahead
from gate.model.evidence import Attached, AttachedKind
from gate.model.image import Digest, ResolvedImage
from gate.model.records import dataclass
from gate.predicates.fields import instant
from gate.predicates.verification_summary import EXTENSION
from gate.registry.interface import Registry
from gate.signing.statement import PassStatement
from gate.trust.own import own_payload
from gate.trust.refusal import Refusal

_LOOKED_AT: Final = 16
"""How many of the newest things beside an image are looked at for a pass that still holds."""
_VERIFIED: Final = "timeVerified"
_ENDS: Final = f"{EXTENSION}notAfter"


@dataclass(frozen=True, slots=True, kw_only=True)
class StillGood:
    """A pass that need not be signed again."""

    image: ResolvedImage
    bundle: Digest
    ends: datetime
    """When it stops holding, UTC."""

    def __str__(self) -> str:
        """Return the image and the digest of the pass's bundle."""
        return f"{self.image}: bundle {self.bundle}"


def still_good(
    statement: PassStatement, registry: Registry, signer: Signer, now: datetime
) -> StillGood | None:
    """Return a stored pass that says what this statement says, with half of its time left or more.

    The same key must have signed it: a pass of anybody else saves no signing. Everything but
    when it was made and when it ends must be equal: the release, the policy, the evidence, the
    waivers, the version of gate. A pass of 24 hours, signed at 00:00, saves signing until 12:00.
    None where a certificate signs: its identity is not known before it is asked for. Never raises
    for what is stored; what cannot be read is no such pass.
    """
    if signer.key is None:
        return None
    expected = _said(statement.payload)
    try:
        for found in islice(registry.attached_in_order(statement.image), _LOOKED_AT):
            said = _own(found, statement.image, signer, now)
            if said is not None and _same(said, expected) and (ends := _good_until(said, now)):
                return StillGood(image=statement.image, bundle=found.digest, ends=ends)
    except RegistryError:
        return None
    return None


def _own(
    found: Attached, image: ResolvedImage, signer: Signer, now: datetime
) -> dict[str, Any] | None:
    """Return the statement of a bundle that the signer's own key signed about the image."""
    if found.kind is not AttachedKind.BUNDLE or signer.key is None:
        return None
    try:
        return _said(own_payload(found.content, image, key=signer.key, now=now))
    except (Refusal, ValueError):
        return None


def _said(payload: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(payload)
    return said


def _same(said: dict[str, Any], expected: dict[str, Any]) -> bool:
    return is_same_json(_lasting(said), _lasting(expected))


def _lasting(said: dict[str, Any]) -> dict[str, Any]:
    """Return a statement without when it was made and when it ends."""
    predicate = said.get("predicate")
    kept = predicate if isinstance(predicate, dict) else {}
    return said | {"predicate": {k: v for k, v in kept.items() if k not in {_VERIFIED, _ENDS}}}


def _good_until(said: dict[str, Any], now: datetime) -> datetime | None:
    """Return when a pass ends, where at least half of its time is left."""
    try:
        began = instant(said["predicate"][_VERIFIED], "the time")
        ends = instant(said["predicate"][_ENDS], "the time")
    except (KeyError, TypeError, ValueError):
        return None
    return ends if not is_ahead(began, now) and ends - now >= (ends - began) / 2 else None
