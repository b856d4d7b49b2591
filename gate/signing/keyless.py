"""Signing without a key: by the identity of the CI job, through Fulcio, Rekor and a TSA.

Sigstore's own client signs. Which Fulcio, which Rekor (v1 or v2) and which timestamp
authority, says a client trust config; without one, it is Sigstore's public instance, as its
TUF repository describes it.
https://docs.sigstore.dev/about/overview/
https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from gate.errors import SigningError
from gate.model.deadline import TimedCalls
from gate.signing.ambient import IdentityToken, ambient_token
from gate.signing.foreign import reason
from gate.signing.publicity import refuse_publication

if TYPE_CHECKING:  # sigstore takes 0.2 s to import, and is needed only to sign
    from sigstore.dsse import Statement
    from sigstore.models import ClientTrustConfig
    from sigstore.sign import Signer

T = TypeVar("T")

CERTIFICATE_SECONDS: Final = 300.0
"""How long a certificate is used: half of what Fulcio gives."""
SECONDS: Final = 120.0
"""How long each service may take. A log answers when it has included an entry."""
TOGETHER: Final = 8
"""How many statements are signed at the same time: each holds a connection to every service."""


class KeylessSigning:
    """The identity of this CI job: signs any number of statements, with few certificates.

    Used from several threads.
    """

    def __init__(
        self,
        trust_config: bytes | None = None,
        *,
        publish_private: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take where to sign; nobody is asked for an identity yet. Raises SigningError.

        `trust_config` is a Sigstore client trust config in JSON, which the caller vouches for;
        without one, Sigstore's TUF repository is asked for that of the public instance, once
        there is an identity to sign with.
        `publish_private` allows names of a repository that is not known to be public to go
        to a public log, for ever. `clock` counts seconds.
        """
        self._config_text = trust_config
        self._config = None if trust_config is None else _trust_config(trust_config)
        self._publish_private = publish_private
        self._clock = clock
        self._signer: Signer | None = None
        self._certified_at = 0.0
        self._token: IdentityToken | None = None
        self._lock = threading.RLock()
        self._calls = TimedCalls()

    def sign_statement(self, statement: bytes) -> bytes:
        """Return a Sigstore bundle v0.3 around an in-toto statement v1. Raises SigningError.

        What is signed is the DSSE encoding of exactly these bytes. The bundle holds the
        certificate, one log entry with its proof, and a timestamp if the log has no time of
        its own. It is not verified here: the publisher verifies it first.
        """
        parsed = _parsed(statement)
        signer = self._certified_signer()
        bundle = self._asked("log-refused", "Rekor", lambda: _bundle(signer, parsed))
        _demand_time(bundle)
        return bundle.encode()

    def identity(self) -> IdentityToken:
        """Return the job's identity, which the first certificate is then asked for with.

        Raises SigningError.
        """
        with self._lock:
            if self._token is None:
                self._token = ambient_token()
            return self._token

    def _certified_signer(self) -> Signer:
        """Return a signer whose certificate is young, asking the CI system and Fulcio for one."""
        with self._lock:
            now = self._clock()
            if self._signer is None or now - self._certified_at > CERTIFICATE_SECONDS:
                token = self.identity()
                self._token = None  # a later certificate needs a younger one
                refuse_publication(token, self._config_text, allowed=self._publish_private)
                if self._config is None:
                    what = "Sigstore's TUF repository"
                    self._config = self._asked("trust-config-unavailable", what, _public_good)
                certify = partial(_certified, self._config, token)
                self._signer = self._asked("certificate-refused", "Fulcio", certify)
                self._certified_at = now
            return self._signer

    def _asked(self, code: str, service: str, call: Callable[[], T]) -> T:
        """Return what a service of Sigstore answers, in time. Raises SigningError."""
        try:
            return self._calls.within(SECONDS, call)
        except SigningError:
            raise
        except Exception as error:
            raise SigningError(
                code,
                f"{service} did not do its part: {reason(error)}",
                remedy="try again; if it stays so, see https://status.sigstore.dev for the public "
                "instance, or the addresses in the client trust config for another",
            ) from error


def _parsed(statement: bytes) -> Statement:
    from sigstore.dsse import Statement  # noqa: PLC0415  # see above
    from sigstore.errors import Error  # noqa: PLC0415  # see above

    try:
        return Statement(statement)
    except Error as error:
        raise SigningError(
            "statement-malformed",
            f"this is not an in-toto statement v1: {reason(error)}",
            remedy="give a statement with a type, a subject with a SHA-256 digest, "
            "a predicate type and a predicate",
        ) from error


def _trust_config(trust_config: bytes) -> ClientTrustConfig:
    from sigstore.models import ClientTrustConfig  # noqa: PLC0415  # see above

    try:
        return ClientTrustConfig.from_json(trust_config.decode())
    except Exception as error:
        raise SigningError(
            "trust-config-malformed",
            f"the client trust config cannot be read: {reason(error)}",
            remedy="give Sigstore's JSON form, version 0.1, with trustedRoot and signingConfig",
        ) from error


def _public_good() -> ClientTrustConfig:
    from sigstore.models import ClientTrustConfig  # noqa: PLC0415  # see above

    return ClientTrustConfig.production()


def _certified(config: ClientTrustConfig, token: IdentityToken) -> Signer:
    from sigstore.oidc import IdentityToken as SigstoreToken  # noqa: PLC0415  # see above
    from sigstore.sign import SigningContext  # noqa: PLC0415  # see above

    with SigningContext.from_trust_config(config).signer(SigstoreToken(token.raw)) as signer:
        return signer


def _bundle(signer: Signer, statement: Statement) -> str:
    from sigstore.models import InvalidBundle  # noqa: PLC0415  # see above

    try:
        return signer.sign_dsse(statement).to_json()
    except InvalidBundle as error:
        if "signed timestamp" in str(error):  # it has no type of its own
            raise _no_time() from error
        raise


def _demand_time(bundle: str) -> None:
    """Refuse a signature of which nobody says when it was made. Raises SigningError.

    Rekor v2 knows no time, and sigstore only warns when the timestamp authority fails.
    """
    material = json.loads(bundle)["verificationMaterial"]
    stamps = (material.get("timestampVerificationData") or {}).get("rfc3161Timestamps")
    promised = all(entry.get("inclusionPromise") for entry in material["tlogEntries"])
    if not (stamps or (promised and material["tlogEntries"])):
        raise _no_time()


def _no_time() -> SigningError:
    return SigningError(
        "timestamp-missing",
        "nobody says when the signature was made: the log has no time of its own, and no "
        "timestamp authority answered",
        remedy="name a timestamp authority that answers in the client trust config (tsaUrls)",
    )
