"""Evidence that an enforcer could take for more than it is.

It is in one form alone, of a key that no policy names, about another image, of another type than
it is stored under, or a pass that does not say PASSED.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from gate.model.image import ResolvedImage
from gate.predicates.types import IMAGE_SIGNATURE
from gate.predicates.verification_summary import TYPES as PASS_TYPES
from tests.builders.cosign_publisher import CosignPublisher
from tests.builders.drawn_evidence import (
    CYCLONEDX_TYPE,
    FORMS,
    attest,
    drawn_pass,
    sign,
    statement_of,
)
from tests.builders.sboms import CYCLONEDX

_TYPES: Final = (IMAGE_SIGNATURE[0], CYCLONEDX_TYPE, PASS_TYPES[0])


@dataclass(frozen=True, slots=True)
class Odd:
    """What one odd thing is made of."""

    publisher: CosignPublisher
    image: ResolvedImage
    other: ResolvedImage
    key: Any = field(kw_only=True)
    """Of a signer that policies name."""
    stranger: Any = field(kw_only=True)
    """Of nobody."""
    chance: random.Random = field(kw_only=True)

    def statement(self, predicate_type: str, image: ResolvedImage | None = None) -> bytes:
        """Return a good statement of a type, of this image or another."""
        about = image or self.image
        if predicate_type == PASS_TYPES[0]:
            return drawn_pass(about, self.chance)
        predicate = CYCLONEDX if predicate_type == CYCLONEDX_TYPE else None
        return statement_of(about, predicate_type, predicate)

    def attest(self, predicate_type: str, statement: bytes, **how: Any) -> None:  # noqa: ANN401  # what the call takes
        """Attach a statement."""
        key = how.pop("key", self.key)
        attest(self.publisher, self.image, key, predicate_type, statement, **how)


def _in_one_form(odd: Odd) -> None:
    for one in _TYPES:
        odd.attest(one, odd.statement(one), forms=(odd.chance.choice(FORMS),))


def _of_a_stranger(odd: Odd) -> None:
    sign(odd.publisher, odd.image, odd.stranger)
    for one in _TYPES:
        odd.attest(one, odd.statement(one), key=odd.stranger)


def _about_another_image(odd: Odd) -> None:
    sign(odd.publisher, odd.image, odd.key, about=odd.other)
    for one in _TYPES:
        odd.attest(one, odd.statement(one, odd.other))


def _under_another_type(odd: Odd) -> None:
    for one in _TYPES:
        for stored in set(_TYPES) - {one}:
            odd.attest(stored, odd.statement(one))


def _signed_alone(odd: Odd) -> None:
    sign(odd.publisher, odd.image, odd.key)


def _of_another_version(odd: Odd) -> None:
    for one in _TYPES:
        statement = json.loads(odd.statement(one)) | {"predicateType": f"{one}x"}
        odd.attest(one, json.dumps(statement).encode())


def _failed(odd: Odd) -> None:
    statement = json.loads(odd.statement(PASS_TYPES[0]))
    statement["predicate"]["verificationResult"] = odd.chance.choice(("FAILED", "passed", ""))
    odd.attest(PASS_TYPES[0], json.dumps(statement).encode())


def _good_pass(odd: Odd) -> None:
    odd.attest(PASS_TYPES[0], odd.statement(PASS_TYPES[0]))


KINDS: Final[tuple[Callable[[Odd], None], ...]] = (
    _in_one_form,
    _of_a_stranger,
    _about_another_image,
    _under_another_type,
    _signed_alone,
    _of_another_version,
    _failed,
    _good_pass,
)
"""What makes each."""
