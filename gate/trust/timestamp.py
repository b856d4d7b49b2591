"""RFC 3161 timestamps over a signature.

https://www.rfc-editor.org/rfc/rfc3161
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gate.model.evidence import Clock, SigningTime
from gate.model.words import timestamp
from gate.trust.refusal import Reason, Refusal, malformed
from gate.trust.root import Authority

if TYPE_CHECKING:
    import rfc3161_client as rfc3161


def verified_times(
    timestamps: Sequence[bytes], signature: bytes, authorities: Iterable[Authority]
) -> tuple[tuple[SigningTime, ...], Refusal | None]:
    """Return the times that trusted authorities vouch for, one each, and why others do not.

    A timestamp that no authority made is no proof, and nothing but that: it is left out,
    as the one who stores a bundle could have left it out. Raises Refusal where a timestamp is
    not even one.
    """
    if not timestamps:
        return (), None
    # Most bundles have no timestamp, and should not wait for what would read one.
    import rfc3161_client as rfc3161  # noqa: PLC0415  # as said

    found: dict[str, SigningTime] = {}
    refusal: Refusal | None = None
    authorities = tuple(authorities)
    for der in timestamps:
        try:
            response = rfc3161.decode_timestamp_response(der)
            at = response.tst_info.gen_time
        except (ValueError, TypeError) as error:
            raise malformed(f"a timestamp is not an RFC 3161 response: {error}") from error
        try:
            authority = _maker(response, at, signature, authorities)
        except Refusal as error:
            refusal = error
            continue
        time = SigningTime(at, Clock.AUTHORITY, authority.name)
        earlier = found.setdefault(authority.name, time)
        # Two by one authority are one witness; the older is the honest claim of age.
        found[authority.name] = min(earlier, time, key=lambda t: t.at)
    return tuple(found.values()), refusal


def _maker(
    response: rfc3161.TimeStampResponse,
    at: datetime,
    signature: bytes,
    authorities: Iterable[Authority],
) -> Authority:
    refusal = Refusal(
        Reason.TIMESTAMP_MISSING, "no timestamp authority of the trusted root made the timestamp"
    )
    for authority in authorities:
        if not _made(response, signature, authority):
            continue
        valid = all(c.not_valid_before_utc <= at <= c.not_valid_after_utc for c in authority.chain)
        if authority.window.holds(at) and valid:
            return authority
        refusal = Refusal(
            Reason.OUTSIDE_VALIDITY,
            f"the trusted root does not trust the timestamp authority {authority.name} "
            f"for {timestamp(at)}",
        )
    raise refusal


def _made(response: rfc3161.TimeStampResponse, signature: bytes, authority: Authority) -> bool:
    import rfc3161_client as rfc3161  # noqa: PLC0415  # as above

    from gate.keys.x509_errors import UNREADABLE  # noqa: PLC0415  # likewise

    leaf, *between = authority.chain
    if not between:
        return False
    builder = rfc3161.VerifierBuilder().tsa_certificate(leaf).add_root_certificate(between[-1])
    for certificate in between[:-1]:
        builder = builder.add_intermediate_certificate(certificate)
    try:
        return builder.build().verify_message(response, signature)
    except (rfc3161.VerificationError, *UNREADABLE):
        return False
