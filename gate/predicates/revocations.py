"""A list of ended passes as an OCI artifact stores it: strict JSON, the same bytes each time.

    {"mediaType": "application/vnd.gatepass.revocations.v1+json",
     "name": "registry.acme.example/security/revocations:production",
     "serial": 7, "issued": "2026-11-29T10:00:00Z", "expires": "2026-12-06T10:00:00Z",
     "ended": [{"image": "sha256:…", "reason": "a backdoor in it", "at": "2026-11-29T10:00:00Z"},
               {"key": "sha256:…", "since": "2026-11-28T00:00:00Z", "reason": "…", "at": "…"},
               {"subject": "https://…", "issuer": "https://…", "reason": "…", "at": "…"}]}

A field that this gate does not know is refused: a list must never be read as ending less than
it says. Nothing here verifies a signature.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, assert_never

from gate.documents.strict import mapping, sequence, text
from gate.documents.strict_json import read_json
from gate.model.identity import CertificateIdentity, KeyIdentity
from gate.model.image import Digest
from gate.model.revocations import (
    Ended,
    EndedBy,
    EndedDigest,
    EndedSigner,
    Revocation,
    RevocationList,
)
from gate.model.words import timestamp
from gate.predicates.fields import instant

MEDIA_TYPE: Final = "application/vnd.gatepass.revocations.v1+json"
MAX_BYTES: Final = 4 * 1024 * 1024
MAX_ENTRIES: Final = 10_000
MAX_REASON: Final = 500
"""Characters."""
MAX_SERIAL: Final = 2**53 - 1
_DEPTH: Final = 4
_LIST: Final = frozenset(("mediaType", "name", "serial", "issued", "expires", "ended"))
_LINE: Final = frozenset(("reason", "at"))


def parse(data: bytes) -> RevocationList:
    """Read a list of at most 4 MiB and 10,000 lines. Raises ValueError with one sentence."""
    said = mapping(read_json(data, max_bytes=MAX_BYTES, max_depth=_DEPTH), "the list")
    _only(said, _LIST, "the list")
    if said["mediaType"] != MEDIA_TYPE:
        msg = f"mediaType of the list is not {MEDIA_TYPE}"
        raise ValueError(msg)
    serial = said["serial"]
    if type(serial) is not int or not 1 <= serial <= MAX_SERIAL:
        msg = "serial of the list is not a whole number from 1 on"
        raise ValueError(msg)
    lines = sequence(said["ended"], "ended")
    if said["ended"] is None or len(lines) > MAX_ENTRIES:
        msg = f"ended is not a list of at most {MAX_ENTRIES} lines"
        raise ValueError(msg)
    found = RevocationList(
        name=text(said["name"], "name"),
        serial=serial,
        issued=instant(said["issued"], "issued"),
        expires=instant(said["expires"], "expires"),
        revocations=tuple(_line(line, f"ended[{i}]") for i, line in enumerate(lines)),
    )
    if found.expires <= found.issued:
        msg = "the list expires before it is issued"
        raise ValueError(msg)
    return found


def write(made: RevocationList) -> bytes:
    """Return a list as it is stored. Raises ValueError for one that would not be read again."""
    said = {
        "mediaType": MEDIA_TYPE,
        "name": made.name,
        "serial": made.serial,
        "issued": timestamp(made.issued),
        "expires": timestamp(made.expires),
        "ended": [
            {**_ended(line.ended), "reason": line.reason, "at": timestamp(line.at)}
            for line in made.revocations
        ],
    }
    data = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    parse(data)
    return data


def _line(value: object, what: str) -> Revocation:
    said = mapping(value, what)
    kinds = [set(said) & keys for keys in _FORMS]
    form = next((keys for keys, here in zip(_FORMS, kinds, strict=True) if here), None)
    if form is None:
        msg = f"{what} ends nothing that this gate knows"
        raise ValueError(msg)
    _only(said, form | _LINE, what, optional=frozenset(("since",)) if form in _SIGNERS else None)
    reason = text(said["reason"], f"{what}.reason")
    if len(reason) > MAX_REASON:
        msg = f"{what}.reason is longer than {MAX_REASON} characters"
        raise ValueError(msg)
    return Revocation(_read_ended(said, what), reason, instant(said["at"], f"{what}.at"))


_KEY: Final = frozenset(("key",))
_IDENTITY: Final = frozenset(("subject", "issuer"))
_SIGNERS: Final = (_KEY, _IDENTITY)
_FORMS: Final = (*(frozenset((by.value,)) for by in EndedBy), *_SIGNERS)


def _read_ended(said: Mapping[str, Any], what: str) -> Ended:
    for by in EndedBy:
        if by.value in said:
            return EndedDigest(by, _digest(said[by.value], f"{what}.{by.value}"))
    since: datetime | None = None
    if "since" in said:
        since = instant(said["since"], f"{what}.since")
    if "key" in said:
        return EndedSigner(KeyIdentity(_digest(said["key"], f"{what}.key")), since)
    subject, issuer = (text(said[key], f"{what}.{key}") for key in ("subject", "issuer"))
    return EndedSigner(CertificateIdentity(subject, issuer), since)


def _digest(value: object, what: str) -> Digest:
    try:
        return Digest.parse(text(value, what))
    except ValueError as error:
        msg = f"{what} is not sha256: and 64 hexadecimal digits"
        raise ValueError(msg) from error


def _only(
    said: Mapping[str, Any],
    keys: frozenset[str],
    what: str,
    *,
    optional: frozenset[str] | None = None,
) -> None:
    """Refuse a field that is missing, and one that is not known. Raises ValueError."""
    missing = sorted(keys - said.keys())
    if missing:
        msg = f"{what} has no {missing[0]}"
        raise ValueError(msg)
    unknown = sorted(said.keys() - keys - (optional or frozenset()))
    if unknown:
        msg = f"{what} has a field that this gate does not know: {unknown[0][:80]!r}"
        raise ValueError(msg)


def _ended(ended: Ended) -> dict[str, str]:
    match ended:
        case EndedDigest(by=by, digest=digest):
            return {by.value: str(digest)}
        case EndedSigner(identity=identity, since=since):
            dated = {"since": timestamp(since)} if since else {}
            if isinstance(identity, KeyIdentity):
                return {"key": str(identity.fingerprint), **dated}
            return {"subject": identity.subject, "issuer": identity.issuer, **dated}
        case unreachable:
            assert_never(unreachable)
