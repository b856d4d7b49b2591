"""Signed in-toto metadata, DSSE or traditional, and whose signatures it bears.

Keys are tried, key ids are not believed: they differ between versions for one key.
https://github.com/in-toto/docs/blob/master/in-toto-spec.md
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gate.documents import strict
from gate.documents.strict_json import read_json
from gate.model.dsse import PAYLOAD_TYPE, pre_authentication_encoding
from gate.model.image import Digest
from gate.model.records import dataclass

MAX_METADATA_BYTES: Final = 8 * 1024 * 1024
"""The largest layout or link that is read."""
_SIGNATURES: Final = 50


REMEDIES: Final[Mapping[str, str]] = {
    "layout-another-product": "let the last step record the image's manifest as a product",
    "layout-expired": "let the owners of the layout sign it again with a later end",
    "layout-has-inspections": "let the owners of the layout take the inspections out, and sign it "
    "again",
    "layout-links-disagree": "find out which of the two is right, and do the step again",
    "layout-malformed": "write the file again with in-toto's own tools",
    "layout-proves-nothing": "let the owners of the layout say its steps, and sign it again",
    "layout-rule-broken": "find what came between the steps, or let the owners change the rule",
    "layout-step-unproven": "let somebody whom the layout names record the step and sign the "
    "link, and give every link of the run",
    "layout-wrong-signer": "let every owner whose key the policy names sign the layout",
}
"""What mends a problem, by its code."""


@dataclass(frozen=True, slots=True)
class LayoutProblem:
    """One reason why a layout proves nothing."""

    code: str
    """In kebab-case."""
    message: str
    """One sentence. May quote foreign text: neutralise to print."""
    step: str = ""
    """The step that it is about; empty where it is about the layout as a whole."""

    @property
    def remedy(self) -> str:
        """One next step."""
        return REMEDIES[self.code]


class LayoutRefusedError(Exception):
    """A layout that proves nothing, and every reason that was found."""

    def __init__(self, *problems: LayoutProblem) -> None:
        """Take the reasons: at least one."""
        super().__init__(problems[0].message)
        self.problems = problems

    @property
    def code(self) -> str:
        """The first reason's code."""
        return self.problems[0].code

    @property
    def message(self) -> str:
        """The first reason's sentence."""
        return self.problems[0].message


@dataclass(frozen=True, slots=True)
class SignedMetadata:
    """Metadata whose signatures nobody has verified yet."""

    payload: Mapping[str, Any]
    signed: bytes
    """What the signatures cover."""
    signatures: tuple[str, ...]
    """In hexadecimal."""

    @classmethod
    def parse(cls, data: str | bytes) -> SignedMetadata:
        """Read DSSE or traditional metadata. Raises ValueError."""
        from securesystemslib.formats import encode_canonical  # noqa: PLC0415  # slow to import

        content = data.encode() if isinstance(data, str) else data
        value = strict.mapping(read_json(content, max_bytes=MAX_METADATA_BYTES), "the metadata")
        listed = strict.sequence(value.get("signatures"), "signatures")
        if len(listed) > _SIGNATURES:
            msg = f"there are more than {_SIGNATURES} signatures"
            raise ValueError(msg)
        stated = [strict.text(strict.mapping(s, "a signature").get("sig"), "sig") for s in listed]
        if "payload" not in value:
            payload = strict.mapping(value.get("signed"), "signed")
            return cls(payload, str(encode_canonical(dict(payload))).encode(), tuple(stated))
        if value.get("payloadType") != PAYLOAD_TYPE:
            msg = f"payloadType is not {PAYLOAD_TYPE}"
            raise ValueError(msg)
        body = base64.b64decode(str(value["payload"]), validate=True)
        return cls(
            strict.mapping(read_json(body, max_bytes=len(body)), "the payload"),
            pre_authentication_encoding(PAYLOAD_TYPE, body),
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


def opened(data: str | bytes, name: str = "") -> SignedMetadata:
    """Read metadata, named in the message where it has a name. Raises LayoutRefusedError."""
    what = name or "the metadata"
    try:
        return SignedMetadata.parse(data)
    except (ValueError, TypeError, RecursionError) as problem:
        message = f"{what} cannot be read: {problem}"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message)) from problem
    except Exception as problem:  # a library's own errors have no common base
        message = f"{what} cannot be made canonical"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message)) from problem


def check_owners(metadata: SignedMetadata, keys: Sequence[str]) -> tuple[Digest, ...]:
    """Return the fingerprints of the owners' PEM keys, all of which must have signed.

    Raises LayoutRefusedError.
    """
    from securesystemslib.signer import SSlibKey  # noqa: PLC0415  # slow to import

    from gate.keys import public  # noqa: PLC0415  # likewise

    found = []
    for number, pem in enumerate(keys, start=1):
        try:
            owner = public.load_public_key(pem.encode())
        except public.MalformedKey as problem:
            message = f"key {number} cannot be used: {problem}"
            raise LayoutRefusedError(LayoutProblem("layout-malformed", message)) from problem
        key = SSlibKey.from_crypto(owner)
        found.append(public.fingerprint(owner))
        if not metadata.verified_by(key):
            message = f"the layout is not signed by key {number} of the policy"
            raise LayoutRefusedError(LayoutProblem("layout-wrong-signer", message))
    if not found:
        message = "no key is demanded, so nothing is signed"
        raise LayoutRefusedError(LayoutProblem("layout-wrong-signer", message))
    return tuple(found)


def fingerprint(key: Any) -> Digest:  # noqa: ANN401  # the library has no types
    """Return the SHA-256 of a key's DER SubjectPublicKeyInfo: its only name.

    Raises ValueError for a key that is neither PEM nor raw Ed25519 in hexadecimal; of these
    MalformedKey where a signer of a policy could not have it either.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415  # slow to import
        Ed25519PublicKey,
    )

    from gate.keys import public as keys  # noqa: PLC0415  # likewise

    public = strict.text(key.keyval.get("public"), "public")
    if public.lstrip().startswith("-----BEGIN"):
        return keys.fingerprint(keys.load_public_key(public.encode()))
    raw = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return keys.fingerprint(keys.supported(raw))
