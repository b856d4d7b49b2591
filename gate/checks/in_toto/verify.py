"""Verification of an in-toto layout without reading files, running commands or asking a clock.

https://github.com/in-toto/docs/blob/master/in-toto-spec.md

1. The layout is JSON, in a DSSE envelope or as traditional metadata.
2. It has no inspections: those run commands. This is decided before in-toto loads it.
3. Each of the demanded keys signed it. Keys are tried, key ids are not believed: they differ
   between versions for one key. The signed bytes are those of the raw JSON. A key that no signer
   of a policy could have, because everybody can sign with it or it is too short, counts nowhere.
4. It has not expired; at the second of expiry it has.
5. Each step has `threshold` links that distinct keys of the step signed. Links that are
   themselves layouts are refused, and so are two links of one step that say different things
   and that one key signed: which of them counts must not depend on their order.
6. Links of one step agree where its threshold is above 1, and the artifact rules of every step
   hold (in-toto's own code, and `gate.checks.in_toto.rules`).
7. What is left are the products of the last step.

A command that differs from the expected one is no failure, as the specification says.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from gate.checks.in_toto.rules import check_rules
from gate.checks.in_toto.signed import (
    LayoutProblem,
    LayoutRefusedError,
    SignedMetadata,
    check_owners,
    opened,
)
from gate.checks.in_toto.steps import Chain, chain_of, check_thresholds
from gate.documents import strict
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.model.words import timestamp
from gate.predicates import fields

_STEPS: Final = 200
_TRIED: Final = 2_000
"""The most signatures that all links of a layout may have: each is held against keys."""
_PARTS: Final = ("pubkeys", "threshold", "expected_materials", "expected_products")
"""What every step states: whose links it takes, how many, and what may be in them."""
_SECOND: Final = timedelta(seconds=1)
_EXPIRED: Final = "layout-expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a layout and its links prove, and by what."""

    products: frozenset[Digest]
    """The SHA-256 of every product of the last step."""
    links: Mapping[int, frozenset[Digest]]
    """Positions of the links that it rests on, each with the keys whose link it is."""
    owners: tuple[Digest, ...]
    """Fingerprints of the keys that signed the layout."""
    last_second: datetime
    """When the layout last holds, UTC."""


def check_lasting(layout: str | bytes, keys: Sequence[str]) -> None:
    """Check all that neither time nor links can change. Raises LayoutRefusedError."""
    metadata = opened(layout, "the layout")
    _check_inspections(metadata)
    check_owners(metadata, keys)
    _loaded(metadata)


def verify(
    layout: str | bytes,
    links: Sequence[str | bytes],
    keys: Sequence[str],
    now: datetime,
    *,
    names: Sequence[str] = (),
) -> Proven:
    """Return what a layout and its links prove.

    `keys` are PEM public keys of the layout's owners; `names` are what messages call the
    links, one each, where they have names. Raises LayoutRefusedError.
    """
    metadata = opened(layout, "the layout")
    _check_inspections(metadata)
    return verify_steps(metadata, links, keys, now, names=names)


def verify_all(
    layout: str | bytes,
    links: Sequence[str | bytes],
    keys: Sequence[str],
    now: datetime,
    *,
    names: Sequence[str] = (),
) -> tuple[Proven | None, tuple[LayoutProblem, ...]]:
    """Return what a layout and its links prove, and all that is wrong with them.

    Of one that has expired, what it proved until then: so that its end hides nothing else.
    """
    expired: tuple[LayoutProblem, ...] = ()
    try:
        return verify(layout, links, keys, now, names=names), ()
    except LayoutRefusedError as refused:
        if refused.code != _EXPIRED:
            return None, refused.problems
        expired = refused.problems
    try:
        return verify(layout, links, keys, last_second(layout), names=names), expired
    except LayoutRefusedError as refused:
        return None, (*expired, *refused.problems)


def verify_steps(
    metadata: SignedMetadata,
    links: Sequence[str | bytes],
    keys: Sequence[str],
    now: datetime,
    *,
    names: Sequence[str] = (),
) -> Proven:
    """Verify all but inspections, which are neither run nor looked at.

    Raises LayoutRefusedError.
    """
    owners = check_owners(metadata, keys)
    layout, expires = _loaded(metadata)
    if now >= expires:
        message = f"the layout expired at {timestamp(expires)}"
        raise LayoutRefusedError(LayoutProblem(_EXPIRED, message))
    named = names or [""] * len(links)
    parsed = [opened(link, name) for link, name in zip(links, named, strict=True)]
    tried = sum(len(link.signatures) for link in parsed)
    if tried > _TRIED:
        message = f"the links have {tried} signatures, and at most {_TRIED} are tried"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message))
    chain = chain_of(layout, parsed)
    check_thresholds(layout, chain)
    check_rules(layout, chain)
    signers: dict[int, frozenset[Digest]] = {}
    for step in layout.steps:
        for key, found in chain[step.name].items():
            signers[found.position] = signers.get(found.position, frozenset()) | {key}
    return Proven(
        products=_products(layout, chain),
        links=signers,
        owners=owners,
        last_second=expires - _SECOND,
    )


def last_second(layout: str | bytes) -> datetime:
    """Return when a layout last holds, UTC: at the second of its expiry it no longer does.

    Raises LayoutRefusedError.
    """
    return _expires(opened(layout, "the layout")) - _SECOND


def _check_inspections(metadata: SignedMetadata) -> None:
    if metadata.payload.get("inspect") != []:
        message = "the layout has inspections, which would run commands"
        raise LayoutRefusedError(LayoutProblem("layout-has-inspections", message))


def _expires(metadata: SignedMetadata) -> datetime:
    try:
        return fields.instant(metadata.payload.get("expires"), "expires")
    except ValueError as problem:
        message = f"the layout cannot be read: {problem}"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message)) from problem


def _loaded(metadata: SignedMetadata) -> tuple[Any, datetime]:
    """Return in-toto's own layout, and when it expires."""
    from in_toto.models.layout import Layout  # noqa: PLC0415  # slow to import

    expires = _expires(metadata)
    if metadata.payload.get("_type") != "layout":
        message = "the layout cannot be read: its _type is not layout"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message))
    try:
        known = ("_type", "steps", "inspect", "keys", "expires", "readme")
        copy = json.loads(
            json.dumps({k: metadata.payload[k] for k in known if k in metadata.payload})
        )
        _check_steps(copy["steps"])
        layout = Layout.read(copy)
    except Exception as problem:
        message = f"the layout cannot be read: {problem}"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message)) from problem
    if not 0 < len(layout.steps) <= _STEPS:
        message = f"the layout has {len(layout.steps)} steps, not 1 to {_STEPS}"
        raise LayoutRefusedError(LayoutProblem("layout-proves-nothing", message))
    return layout, expires


def _check_steps(steps: object) -> None:
    """Refuse what is no step, and a step of which a part is missing. Raises ValueError.

    in-toto takes a part that is missing, or misspelt, for an empty one, so that less is demanded
    than was written. What it says of a rule that it does not know differs from run to run.
    """
    from in_toto.rulelib import ALL_RULES  # noqa: PLC0415  # slow to import

    for number, step in enumerate(strict.sequence(steps, "steps"), start=1):
        stated = strict.mapping(step, f"step {number}")
        strict.text(stated.get("name"), f"the name of step {number}")
        if stated.get("_type", "step") != "step":
            msg = f"the _type of step {number} is not step"
            raise ValueError(msg)
        if missing := [part for part in _PARTS if stated.get(part) is None]:
            msg = f"step {number} has no {missing[0]}"
            raise ValueError(msg)
        for kind in ("expected_materials", "expected_products"):
            for rule in strict.sequence(stated.get(kind), f"{kind} of step {number}"):
                words = strict.sequence(rule, f"a rule of step {number}")
                name = strict.text(next(iter(words), None), f"the name of a rule of step {number}")
                if name.lower() not in ALL_RULES:
                    quoted = fields.quoted(name)
                    msg = f"step {number} has the rule {quoted}, which in-toto does not know"
                    raise ValueError(msg)


def _products(layout: Any, chain: Chain) -> frozenset[Digest]:  # noqa: ANN401  # the library has no types
    last = chain[layout.steps[-1].name]
    found = set()
    for hashes in next(iter(last.values())).link.products.values():
        with contextlib.suppress(ValueError):
            found.add(Digest(str(hashes.get("sha256"))))
    return frozenset(found)
