"""Why bytes do not count: one exception inside this room, one stable code each outside."""

from __future__ import annotations

import enum


class Reason(enum.StrEnum):
    """The reason code of a rejection. Codes are stable: policies and dashboards name them."""

    UNSIGNED = "unsigned"
    """Nobody signed it: BuildKit's bare statements."""
    NOT_UNDERSTOOD = "not-understood"
    """It is signed in a way, or says a kind of thing, that gate does not read."""
    TOO_LARGE = "too-large"
    """It has more bytes, entries, certificates or timestamps than are looked at."""
    MALFORMED = "malformed"
    """It is not well formed, or not of the form that its media type says."""
    SIGNATURE_INVALID = "signature-invalid"
    """The key of its certificate did not make the signature."""
    SCHEME_NOT_ACCEPTED = "scheme-not-accepted"
    """A key that the policy names signed it, in a scheme that is not accepted, such as SHA-1."""
    SIGNER_MISMATCH = "signer-mismatch"
    """It was signed, but by nobody whom the policy names."""
    SUBJECT_MISMATCH = "subject-mismatch"
    """It is about another image."""
    PAYLOAD_TYPE = "payload-type"
    """The envelope does not say that it holds an in-toto statement."""
    CERTIFICATE_NOT_TRUSTED = "certificate-not-trusted"
    """No certificate authority of the trusted root issued it for signing code."""
    CERTIFICATE_EXPIRED = "certificate-expired"
    """The certificate was not valid when the signature was made."""
    SCT_INVALID = "sct-invalid"
    """No trusted certificate transparency log vouches for the certificate."""
    OUTSIDE_VALIDITY = "outside-validity"
    """The trusted root does not trust that authority, log or key for that time."""
    LOG_ENTRY_MISSING = "log-entry-missing"
    """No transparency log holds it, and the signer must use one."""
    LOG_ENTRY_INVALID = "log-entry-invalid"
    """The log did not make the proof, or the proof does not hold."""
    LOG_ENTRY_MISMATCH = "log-entry-mismatch"
    """The log entry is about another signature."""
    LOG_NOT_TRUSTED = "log-not-trusted"
    """The trusted root does not know the log."""
    TIMESTAMP_MISSING = "timestamp-missing"
    """No trusted authority says when it was signed, and the signer must have one."""
    SIGNING_TIME_MISSING = "signing-time-missing"
    """Nobody trusted says when the certificate's key was used."""
    SIGNED_IN_THE_FUTURE = "signed-in-the-future"
    """A trusted clock says that it was signed after this run began."""


class Refusal(Exception):  # noqa: N818  # what is refused is data, not an error of the run
    """The bytes do not count. The text says what was expected and what was found."""

    def __init__(self, reason: Reason, message: str) -> None:
        """Take the stable code and one sentence, which may quote foreign text."""
        super().__init__(message)
        self.reason = reason
        self.message = message


def malformed(message: str) -> Refusal:
    """Return the refusal of something that is not well formed."""
    return Refusal(Reason.MALFORMED, message)
