"""Why bytes do not count: one exception inside this room, one stable code each outside."""

from __future__ import annotations

import enum
from typing import Final

from gate.model.code_page import CodePage


class Reason(enum.StrEnum):
    """The reason code of a rejection. Codes are stable: policies and dashboards name them."""

    UNSIGNED = "unsigned"
    NOT_UNDERSTOOD = "not-understood"
    TOO_LARGE = "too-large"
    MALFORMED = "malformed"
    SIGNATURE_INVALID = "signature-invalid"
    SCHEME_NOT_ACCEPTED = "scheme-not-accepted"
    SIGNER_MISMATCH = "signer-mismatch"
    SUBJECT_MISMATCH = "subject-mismatch"
    PAYLOAD_TYPE = "payload-type"
    CERTIFICATE_NOT_TRUSTED = "certificate-not-trusted"
    CERTIFICATE_EXPIRED = "certificate-expired"
    SCT_INVALID = "sct-invalid"
    OUTSIDE_VALIDITY = "outside-validity"
    LOG_ENTRY_MISSING = "log-entry-missing"
    LOG_ENTRY_INVALID = "log-entry-invalid"
    LOG_ENTRY_MISMATCH = "log-entry-mismatch"
    LOG_NOT_TRUSTED = "log-not-trusted"
    TIMESTAMP_MISSING = "timestamp-missing"
    SIGNING_TIME_MISSING = "signing-time-missing"
    SIGNED_IN_THE_FUTURE = "signed-in-the-future"


CODES: Final[dict[str, CodePage]] = {
    Reason.UNSIGNED: CodePage(
        "The attestation carries no signature that gate reads.",
        "BuildKit stores bare statements beside an image. Anybody who may push can write one.",
        "Attest it with `gate attest` or cosign.",
    ),
    Reason.NOT_UNDERSTOOD: CodePage(
        "The attestation, or how it is signed, has a form that gate does not read.",
        "The message names the form.",
        "Attest it in a form that `docs/evidence.md` lists as read.",
    ),
    Reason.TOO_LARGE: CodePage(
        "What is attached or answered is larger than gate reads.",
        "Every answer, document, list of entries and chain of certificates has a bound, so that "
        "nobody fills the machine.",
        "Store smaller documents beside the image.",
    ),
    Reason.MALFORMED: CodePage(
        "The attestation is not well formed.",
        "It does not have the form that its media type says.",
        "Attest it again with a current tool.",
    ),
    Reason.SIGNATURE_INVALID: CodePage(
        "The key did not make this signature.",
        "The bytes or the signature were changed, or the key is another one.",
        "Find out who changed it, and sign again.",
    ),
    Reason.SCHEME_NOT_ACCEPTED: CodePage(
        "A key of the policy made the signature, in a scheme that gate does not accept.",
        "gate accepts the safe schemes of each kind of key. One with SHA-1 is not safe.",
        "Sign again with a current tool.",
    ),
    Reason.SIGNER_MISMATCH: CodePage(
        "The signature is there, and nobody whom the policy names made it.",
        "The message says who signed.",
        "Have a signer of the policy sign it, or add this signer to the policy if you trust it.",
    ),
    Reason.SUBJECT_MISMATCH: CodePage(
        "The signed statement is about another image.",
        "It names other digests.",
        "Attest this image by its digest.",
    ),
    Reason.PAYLOAD_TYPE: CodePage(
        "The envelope does not say that it holds an in-toto statement.",
        "Its payload type is another one, so its content is not read.",
        "Attest it again with a current tool.",
    ),
    Reason.CERTIFICATE_NOT_TRUSTED: CodePage(
        "No authority of the trusted root issued the certificate.",
        "It comes from another Fulcio, or it is not for signing code.",
        "Name the trusted root of that instance in the policy if you trust it.",
    ),
    Reason.CERTIFICATE_EXPIRED: CodePage(
        "The certificate was not valid when the signature was made.",
        "Fulcio's certificates are valid for ten minutes.",
        "Sign again.",
    ),
    Reason.SCT_INVALID: CodePage(
        "No trusted log vouches for the certificate.",
        "A certificate that is not in a certificate transparency log could have been issued in "
        "secret.",
        "Sign again with the instance whose trusted root the policy names.",
    ),
    Reason.OUTSIDE_VALIDITY: CodePage(
        "The trusted root does not trust that authority, log or key for that time.",
        "Each has a first and a last moment in the trusted root.",
        "Sign again, or update the trusted root.",
    ),
    Reason.LOG_ENTRY_MISSING: CodePage(
        "No transparency log holds the signature.",
        "The signer must use a log, and the bundle has no entry.",
        "Sign again with a log.",
    ),
    Reason.LOG_ENTRY_INVALID: CodePage(
        "The proof of the log does not hold.",
        "The log did not make it, or it is about another tree.",
        "Sign again.",
    ),
    Reason.LOG_ENTRY_MISMATCH: CodePage(
        "The log entry is about another signature.",
        "It names another signature, key or content.",
        "Sign again.",
    ),
    Reason.LOG_NOT_TRUSTED: CodePage(
        "The trusted root does not know the log.",
        "The entry comes from another Rekor.",
        "Name the trusted root of that instance in the policy if you trust it.",
    ),
    Reason.TIMESTAMP_MISSING: CodePage(
        "No trusted authority says when the signature was made.",
        "The signer must have a timestamp.",
        "Sign again with a timestamp authority of the trusted root.",
    ),
    Reason.SIGNING_TIME_MISSING: CodePage(
        "Nobody trusted says when the certificate's key was used.",
        "Without a time, a certificate of ten minutes proves nothing.",
        "Sign again with a log or a timestamp authority.",
    ),
    Reason.SIGNED_IN_THE_FUTURE: CodePage(
        "A trusted clock says that the signature was made after this run began.",
        "One of two clocks is wrong.",
        "Set the clock of this machine.",
    ),
}
"""What each means, for people."""


class Refusal(Exception):  # noqa: N818  # what is refused is data, not an error of the run
    """The bytes do not count. The text says what was expected and what was found."""

    def __init__(self, reason: Reason, message: str, *, remedy: str = "") -> None:
        """Take the stable code and one sentence, which may quote foreign text.

        `remedy` is the next step where this refusal has one of its own.
        """
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.remedy = remedy


def malformed(message: str) -> Refusal:
    """Return the refusal of something that is not well formed."""
    return Refusal(Reason.MALFORMED, message)
