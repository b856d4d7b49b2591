"""Verification of an in-toto layout without reading files, running commands or asking a clock.

https://github.com/in-toto/docs/blob/master/in-toto-spec.md

1. The layout is JSON, in a DSSE envelope or as traditional metadata.
2. It has no inspections: those run commands. This is decided before in-toto loads it.
3. Each of the demanded keys signed it. Keys are tried, key ids are not believed: they differ
   between versions for one key. The signed bytes are those of the raw JSON.
4. It has not expired; at the second of expiry it has.
5. Each step has `threshold` links that distinct keys of the step signed. Links that are
   themselves layouts are refused.
6. Links of one step agree, and the artifact rules of every step hold (in-toto's own code).
7. What is left are the products of the last step.

A command that differs from the expected one is no failure, as the specification says.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gate.documents.strict_json import read_json
from gate.model.image import Digest
from gate.predicates import fields

_PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
_STEPS: Final = 200
_SIGNATURES: Final = 50


class LayoutRefusedError(Exception):
    """A layout that proves nothing: a code without prefix, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        """Take the reason."""
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Signed:
    """Metadata whose signatures nobody has verified yet."""

    payload: Mapping[str, Any]
    signed: bytes
    """What the signatures cover."""
    signatures: tuple[str, ...]
    """In hexadecimal."""

    @classmethod
    def parse(cls, text: str) -> Signed:
        """Read DSSE or traditional metadata. Raises ValueError."""
        from securesystemslib.formats import encode_canonical  # noqa: PLC0415  # slow to import

        value = fields.mapping(json.loads(text), "the metadata")
        listed = fields.sequence(value.get("signatures"), "signatures")
        if len(listed) > _SIGNATURES:
            msg = f"there are more than {_SIGNATURES} signatures"
            raise ValueError(msg)
        stated = [fields.text(fields.mapping(s, "a signature").get("sig"), "sig") for s in listed]
        if "payload" not in value:
            payload = fields.mapping(value.get("signed"), "signed")
            return cls(payload, str(encode_canonical(dict(payload))).encode(), tuple(stated))
        if value.get("payloadType") != _PAYLOAD_TYPE:
            msg = f"payloadType is not {_PAYLOAD_TYPE}"
            raise ValueError(msg)
        body = base64.b64decode(str(value["payload"]), validate=True)
        kind = _PAYLOAD_TYPE.encode()
        return cls(
            fields.mapping(read_json(body, max_bytes=len(body)), "the payload"),
            b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body),
            tuple(base64.b64decode(s, validate=True).hex() for s in stated),
        )

    def verified_by(self, key: Any) -> bool:  # noqa: ANN401  # the library has no types
        """Whether any of the signatures is by the key."""
        from securesystemslib.exceptions import Error  # noqa: PLC0415  # slow to import
        from securesystemslib.signer import Signature  # noqa: PLC0415  # likewise

        for signature in self.signatures:
            try:
                key.verify_signature(Signature(key.keyid, signature), self.signed)
            except (Error, ValueError, TypeError, KeyError):
                continue
            return True
        return False


def verify(
    layout: str, links: Sequence[str], keys: Sequence[str], now: datetime
) -> frozenset[Digest]:
    """Return the SHA-256 of every product of the last step.

    `keys` are PEM public keys of the layout's owners. Raises LayoutRefusedError.
    """
    metadata = _opened(layout)
    if metadata.payload.get("inspect") != []:
        raise LayoutRefusedError(
            "has-inspections", "the layout has inspections, which would run commands"
        )
    return verify_steps(metadata, links, keys, now)


def verify_steps(
    metadata: Signed, links: Sequence[str], keys: Sequence[str], now: datetime
) -> frozenset[Digest]:
    """Verify all but inspections, which are neither run nor looked at."""
    _check_owners(metadata, keys)
    layout = _loaded(metadata, now)
    chain = _chain(layout, [_opened(link) for link in links])
    _check_rules(layout, chain)
    last = chain[layout.steps[-1].name]
    products = next(iter(last.values())).products
    found = set()
    for hashes in products.values():
        try:
            found.add(Digest(str(hashes.get("sha256"))))
        except ValueError:
            continue
    return frozenset(found)


def _opened(text: str) -> Signed:
    try:
        return Signed.parse(text)
    except (ValueError, TypeError, RecursionError) as problem:
        raise LayoutRefusedError(
            "malformed", f"the metadata cannot be read: {problem}"
        ) from problem
    except Exception as problem:  # a library's own errors have no common base
        raise LayoutRefusedError("malformed", "the metadata cannot be made canonical") from problem


def _check_owners(metadata: Signed, keys: Sequence[str]) -> None:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  # slow to import
        load_pem_public_key,
    )
    from securesystemslib.signer import SSlibKey  # noqa: PLC0415  # likewise

    for number, pem in enumerate(keys, start=1):
        try:
            key = SSlibKey.from_crypto(load_pem_public_key(pem.encode()))
        except (ValueError, TypeError) as problem:
            raise LayoutRefusedError("malformed", f"key {number} cannot be read") from problem
        if not metadata.verified_by(key):
            raise LayoutRefusedError(
                "wrong-signer", f"the layout is not signed by key {number} of the policy"
            )
    if not keys:
        raise LayoutRefusedError("wrong-signer", "no key is demanded, so nothing is signed")


def _loaded(metadata: Signed, now: datetime) -> Any:  # noqa: ANN401  # the library has no types
    from in_toto.models.layout import Layout  # noqa: PLC0415  # slow to import

    try:
        expires = fields.instant(metadata.payload.get("expires"), "expires")
        known = ("_type", "steps", "inspect", "keys", "expires", "readme")
        copy = json.loads(
            json.dumps({k: metadata.payload[k] for k in known if k in metadata.payload})
        )
        layout = Layout.read(copy)
        layout.validate()
    except Exception as problem:
        raise LayoutRefusedError("malformed", f"the layout cannot be read: {problem}") from problem
    if now >= expires:
        raise LayoutRefusedError("expired", f"the layout expired at {expires:%Y-%m-%dT%H:%M:%SZ}")
    if not 0 < len(layout.steps) <= _STEPS:
        raise LayoutRefusedError(
            "proves-nothing", f"the layout has {len(layout.steps)} steps, not 1 to {_STEPS}"
        )
    return layout


def _chain(layout: Any, links: Sequence[Signed]) -> dict[str, dict[str, Any]]:  # noqa: ANN401  # as above
    """Return the links of each step, by the key that signed it."""
    from securesystemslib.signer import SSlibKey  # noqa: PLC0415  # slow to import

    chain: dict[str, dict[str, Any]] = {}
    for step in layout.steps:
        named = [link for link in links if link.payload.get("name") == step.name]
        found: dict[str, Any] = {}
        for keyid in step.pubkeys:
            stated = dict(layout.keys.get(keyid) or {})
            stated.pop("keyid", None)
            try:
                key = SSlibKey.from_dict(keyid, stated)
            except (ValueError, TypeError, KeyError):
                continue
            for link in named:
                if link.verified_by(key):
                    found[str(key.keyval.get("public"))] = _link(link, step.name)
        if len(found) < max(step.threshold, 1):
            raise LayoutRefusedError(
                "step-unproven",
                f"step {step.name} has {len(found)} links by distinct authorised keys; "
                f"the layout demands {step.threshold}",
            )
        chain[step.name] = found
    return chain


def _link(signed: Signed, step: str) -> Any:  # noqa: ANN401  # the library has no types
    from in_toto.models.link import Link  # noqa: PLC0415  # slow to import

    if signed.payload.get("_type") != "link":
        raise LayoutRefusedError("malformed", f"step {step}: a layout inside a layout is not read")
    try:
        link = Link.read({k: v for k, v in signed.payload.items() if k != "_type"})
        link.validate()
    except Exception as problem:
        msg = f"step {step}: a link cannot be read: {problem}"
        raise LayoutRefusedError("malformed", msg) from problem
    return link


def _check_rules(layout: Any, chain: dict[str, dict[str, Any]]) -> None:  # noqa: ANN401  # as above
    from in_toto import verifylib  # noqa: PLC0415  # slow to import
    from in_toto.exceptions import (  # noqa: PLC0415
        RuleVerificationError,
        ThresholdVerificationError,
    )

    try:
        verifylib.verify_threshold_constraints(layout, chain)
        verifylib.verify_all_item_rules(layout.steps, verifylib.reduce_chain_links(chain))
    except ThresholdVerificationError as problem:
        raise LayoutRefusedError("links-disagree", str(problem)) from problem
    except RuleVerificationError as problem:
        raise LayoutRefusedError("rule-broken", str(problem).partition("\n")[0]) from problem
    except Exception as problem:
        raise LayoutRefusedError("malformed", f"a rule cannot be judged: {problem}") from problem
