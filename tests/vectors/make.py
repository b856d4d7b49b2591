"""The vectors: each is a signature that counts, or one with one thing wrong, and its verdict."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from gate.keys.public import public_pem
from tests.fakes.sigstore import GITHUB, WORKFLOW, Holder, LocalSigstore, Window, trusted_root
from tests.fakes.sigstore.encoding import b64, spki
from tests.vectors.fixed import derived, nothing_random

AT: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""When everything is signed, unless a vector says otherwise."""
NOW: Final = "2026-11-21T00:00:00Z"
IMAGE, PLATFORM, OTHER = ("sha256:" + pair * 32 for pair in ("ab", "cd", "ef"))
SIGN: Final = "https://sigstore.dev/cosign/sign/v1"
KEYLESS: Final = {"issuer": GITHUB, "identity": WORKFLOW}
KEYED: Final = {"key": "release.pub"}
_SOURCE: Final = "https://github.com/acme/ci"
_ENTRY: Final = ("verificationMaterial", "tlogEntries", 0)
_CHECKPOINT: Final = (*_ENTRY, "inclusionProof", "checkpoint", "envelope")
_SIGNATURE: Final = "dev.cosignproject.cosign/signature"
_SEED: Final = 1_000_000
"""Numbers of the keys that vectors name, far from those that a Sigstore takes for itself."""


@dataclass(frozen=True, slots=True)
class Vector:
    """Something that is attached to an image, a signer that a policy demands, and the verdict."""

    name: str
    about: str
    content: bytes
    code: str = ""
    """Why it is refused; empty where it counts."""
    signer: dict[str, str] = field(default_factory=lambda: dict(KEYLESS))
    """As a policy writes it, without its `root`."""
    root: str = "own"
    now: str = NOW
    kind: str = "sigstore-bundle"
    annotations: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the vector as README.md tells it."""
        expected = {"refused": self.code} if self.code else {"accepted": True}
        value = {
            "about": self.about,
            "expected": expected,
            "now": self.now,
            "image": {"digest": IMAGE, "platforms": [PLATFORM]},
            "signer": self.signer,
            "trusted-root": f"roots/{self.root}.json",
            "kind": self.kind,
            "content": self.content.decode(),
        }
        return {**value, "annotations": self.annotations} if self.annotations else value


def statement(*digests: str, **more: object) -> bytes:
    """Return an in-toto statement that is a signature of an image."""
    subjects = [{"name": "web", "digest": {"sha256": d[7:]}} for d in digests or (IMAGE,)]
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": SIGN,
        "predicate": {},
    }
    return json.dumps({**value, **more}).encode()


def changed(bundle: bytes, *path: str | int, to: object) -> bytes:
    """Return the bundle with one part replaced; ... takes it out."""
    document = json.loads(bundle)
    inside = document
    for part in path[:-1]:
        inside = inside[part]
    if to is ...:
        del inside[path[-1]]
    else:
        inside[path[-1]] = to
    return json.dumps(document).encode()


def _promised(entry: dict[str, Any], at: int) -> str:
    """Return an entry of a log as cosign keeps it in an annotation, with a time."""
    payload = {
        "body": entry["canonicalizedBody"],
        "integratedTime": at,
        "logIndex": int(entry["logIndex"]),
        "logID": base64.b64decode(entry["logId"]["keyId"]).hex(),
    }
    promise = entry["inclusionPromise"]["signedEntryTimestamp"]
    return json.dumps({"SignedEntryTimestamp": promise, "Payload": payload})


def part(bundle: bytes, *path: str | int) -> Any:  # noqa: ANN401  # a part of a JSON document
    """Return one part of a bundle."""
    found = json.loads(bundle)
    for name in path:
        found = found[name]
    return found


@dataclass(frozen=True)
class Maker:
    """Makes every file of this folder; two makers make the same bytes."""

    sigstore: LocalSigstore
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: derived(_SEED))
    stranger: ec.EllipticCurvePrivateKey = field(default_factory=lambda: derived(_SEED + 1))

    def roots(self) -> dict[str, dict[str, Any]]:
        """Return the trusted roots, by name: the Sigstore's own, and each with one thing else."""
        own = trusted_root(self.sigstore)
        ended = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))
        other = b64(spki(self.stranger.public_key()))
        return {
            "own": own,
            "stranger": trusted_root(LocalSigstore()),
            "log-of-another-key": _with_key(own, "tlogs", other),
            "certificate-log-of-another-key": _with_key(own, "ctlogs", other),
            "without-logs": {**own, "tlogs": []},
            "without-certificate-logs": {**own, "ctlogs": []},
            "authorities-ended": trusted_root(self.sigstore, authorities=ended),
            "logs-ended": trusted_root(self.sigstore, logs=ended),
            "certificate-logs-ended": trusted_root(self.sigstore, certificate_logs=ended),
        }

    def keyless(self, payload: bytes | None = None, at: datetime = AT, **told: Any) -> bytes:  # noqa: ANN401  # the fake's own
        """Sign as the workflow that KEYLESS demands, which built its own repository."""
        told["extensions"] = {12: _SOURCE, 20: "push", **told.get("extensions", {})}
        return self.sigstore.keyless_bundle(payload or statement(), at=at, **told)

    def keyed(self, payload: bytes | None = None, **told: Any) -> bytes:  # noqa: ANN401  # likewise
        """Sign with the key that KEYED demands."""
        signer = told.pop("signer", self.key)
        return self.sigstore.keyed_bundle(payload or statement(), signer, at=AT, **told)

    def vectors(self) -> Iterator[Vector]:
        """Yield every vector."""
        yield from self._accepted()
        yield from self._forms()
        yield from self._signers()
        yield from self._certificates()
        yield from self._entries()
        yield from self._times()
        yield from self._layers()

    def _accepted(self) -> Iterator[Vector]:
        yield Vector("accepted-keyless-rekor-1", "A certificate, in a log.", self.keyless())
        yield Vector(
            "accepted-keyless-rekor-2",
            "A log that knows no time, and a timestamp.",
            self.keyless(rekor=2),
        )
        yield Vector(
            "accepted-keyless-intoto",
            "A log entry of the kind `intoto`.",
            self.keyless(kind="intoto"),
        )
        yield Vector("accepted-keyed", "A bare key, in no log.", self.keyed(), signer=dict(KEYED))
        yield Vector(
            "accepted-platform",
            "A statement about a platform of the image.",
            self.keyed(statement(PLATFORM)),
            signer=dict(KEYED),
        )
        layer, annotations = self._layer(self.key)
        yield Vector(
            "accepted-cosign-layer",
            "A simple signature, its proof in an annotation.",
            layer,
            signer=dict(KEYED),
            kind="cosign-signature",
            annotations=annotations,
        )
        yield Vector(
            "accepted-without-certificate-log",
            "A root without certificate logs, and a signer that needs none.",
            self.keyless(sct=False, tsa=True),
            signer={**KEYLESS, "log": "optional"},
            root="without-certificate-logs",
        )

    def _layer(self, key: ec.EllipticCurvePrivateKey) -> tuple[bytes, dict[str, str]]:
        payload = self._simple()
        return payload, {_SIGNATURE: b64(Holder(key).artifact(payload).signature)}

    @staticmethod
    def _simple() -> bytes:
        critical = {
            "identity": {"docker-reference": "registry.example/web"},
            "image": {"docker-manifest-digest": IMAGE},
            "type": "cosign container image signature",
        }
        return json.dumps({"critical": critical, "optional": None}).encode()

    def _layers(self) -> Iterator[Vector]:
        """Yield simple signatures by an identity, whose log entry is an annotation too."""
        payload = self._simple()
        holder = self.sigstore.holder(AT, subject=WORKFLOW, extensions={12: _SOURCE, 20: "push"})
        signed = holder.artifact(payload)
        entry = part(self.sigstore.bundle(signed, holder, AT), *_ENTRY)
        annotations = {
            _SIGNATURE: b64(signed.signature),
            "dev.sigstore.cosign/certificate": holder.verifier_pem.decode(),
            "dev.sigstore.cosign/bundle": _promised(entry, int(entry["integratedTime"])),
        }
        later = _promised(entry, int(entry["integratedTime"]) + 1)
        for name, about, code, proof in (
            ("accepted-cosign-layer-keyless", "A certificate and a log entry in annotations.",
             "", {}),
            ("log-entry-invalid-cosign-layer", "A time that the log did not promise.",
             "log-entry-invalid", {"dev.sigstore.cosign/bundle": later}),
        ):  # fmt: skip
            given = {**annotations, **proof}
            yield Vector(name, about, payload, code, kind="cosign-signature", annotations=given)

    def _forms(self) -> Iterator[Vector]:
        good = self.keyed()
        media = "application/vnd.dev.sigstore.bundle.v0.9+json"
        crowded = changed(good, *_ENTRY[:2], to=[{}] * 33)
        twice = good.replace(b'"mediaType":', b'"mediaType": "", "mediaType":', 1)
        wrong: tuple[tuple[str, str, bytes, str], ...] = (
            ("malformed-json", "No JSON.", b"{", "malformed"),
            ("malformed-key-twice", "A key that is there twice.", twice, "malformed"),
            (
                "malformed-field",
                "A field that bundles do not have.",
                changed(good, "more", to=1),
                "malformed",
            ),
            (
                "malformed-base64",
                "Base64 that is not in its one form.",
                changed(good, "dsseEnvelope", "signatures", 0, "sig", to="QUJ="),
                "malformed",
            ),
            (
                "too-large-signatures",
                "An envelope of two signatures.",
                changed(
                    good,
                    *("dsseEnvelope", "signatures"),
                    to=part(good, "dsseEnvelope", "signatures") * 2,
                ),
                "too-large",
            ),
            ("too-large-entries", "More than 32 log entries.", crowded, "too-large"),
            (
                "not-understood-version",
                "A version of bundles that is not read.",
                changed(good, "mediaType", to=media),
                "not-understood",
            ),
            (
                "payload-type",
                "An envelope of another payload type.",
                self.keyed(payload_type="application/json"),
                "payload-type",
            ),
            (
                "subject-mismatch",
                "A statement about another image.",
                self.keyed(statement(OTHER)),
                "subject-mismatch",
            ),
            (
                "malformed-subject",
                "A digest in capital letters.",
                self.keyed(
                    statement(subject=[{"name": "web", "digest": {"sha256": IMAGE[7:].upper()}}])
                ),
                "malformed",
            ),
        )
        for name, about, content, code in wrong:
            yield Vector(name, about, content, code, signer=dict(KEYED))
        yield Vector(
            "unsigned-statement",
            "A bare statement, as build tools store it.",
            statement(),
            "unsigned",
            signer=dict(KEYED),
            kind="buildkit-statement",
        )

    def _signers(self) -> Iterator[Vector]:
        payload = bytearray(base64.b64decode(part(self.keyed(), "dsseEnvelope", "payload")))
        payload[-2] ^= 1
        yield Vector(
            "signer-mismatch-payload-changed",
            "One bit of what a key signed is another: no key of the policy made that signature.",
            changed(self.keyed(), "dsseEnvelope", "payload", to=b64(bytes(payload))),
            "signer-mismatch",
            signer=dict(KEYED),
        )
        yield Vector(
            "signer-mismatch-key",
            "A key that nobody demands.",
            self.keyed(signer=self.stranger),
            "signer-mismatch",
            signer=dict(KEYED),
        )
        sha1 = self.key.sign(
            part_to_sign(self.keyed()),
            ec.ECDSA(hashes.SHA1()),  # noqa: S303  # what is refused
        )
        yield Vector(
            "scheme-not-accepted",
            "The demanded key, with SHA-1.",
            changed(self.keyed(), "dsseEnvelope", "signatures", 0, "sig", to=b64(sha1)),
            "scheme-not-accepted",
            signer=dict(KEYED),
        )
        keyless = self.keyless()
        payload = bytearray(base64.b64decode(part(keyless, "dsseEnvelope", "payload")))
        payload[-2] ^= 1
        yield Vector(
            "signature-invalid",
            "One bit of what a certificate's key signed is another.",
            changed(keyless, "dsseEnvelope", "payload", to=b64(bytes(payload))),
            "signature-invalid",
        )
        for name, about, told in (
            ("identity", "Another workflow.", {"subject": f"{WORKFLOW}x"}),
            ("issuer", "The same name by another issuer.", {"issuer": "https://evil.example"}),
            ("trigger", "A workflow that a pull request began.",
             {"extensions": {20: "pull_request"}}),
            ("source", "A workflow that built another repository.",
             {"extensions": {12: "https://github.com/evil/ci"}}),
        ):  # fmt: skip
            content = self.keyless(**told)
            yield Vector(f"signer-mismatch-{name}", about, content, "signer-mismatch")
        layer, annotations = self._layer(self.stranger)
        yield Vector(
            "signer-mismatch-cosign-layer",
            "A simple signature by a key that nobody demands.",
            layer,
            "signer-mismatch",
            signer=dict(KEYED),
            kind="cosign-signature",
            annotations=annotations,
        )

    def _certificates(self) -> Iterator[Vector]:
        for name, about, root, code in (
            ("certificate-not-trusted", "Another Fulcio issued it.", "", "certificate-not-trusted"),
            ("outside-validity-authority", "The authority's time in the root is over.",
             "authorities-ended", "outside-validity"),
            ("outside-validity-certificate-log", "The certificate log's time is over.",
             "certificate-logs-ended", "outside-validity"),
            ("sct-invalid-key", "Another key made the certificate's timestamp.",
             "certificate-log-of-another-key", "sct-invalid"),
            ("sct-invalid-no-log", "The root has no certificate log, and the signer needs one.",
             "without-certificate-logs", "sct-invalid"),
        ):  # fmt: skip
            content = self.keyless() if root else self._issued_by_another()
            yield Vector(name, about, content, code, root=root or "own")
        yield Vector(
            "sct-invalid-missing",
            "The certificate has no timestamp of a log.",
            self.keyless(sct=False),
            "sct-invalid",
        )
        yield Vector(
            "certificate-expired",
            "Signed an hour after the certificate's ten minutes began.",
            self.keyless(logged_at=AT + timedelta(hours=1)),
            "certificate-expired",
        )

    def _issued_by_another(self) -> bytes:
        """Sign with a certificate of another Fulcio, and log that in the trusted log."""
        other = LocalSigstore()
        holder = other.holder(AT)
        return self.sigstore.bundle(holder.envelope(statement()), holder, AT)

    def _entries(self) -> Iterator[Vector]:
        good, later = self.keyless(), self.keyless()
        promise = part(later, *_ENTRY, "inclusionPromise")
        checkpoint = part(good, *_CHECKPOINT)
        head, _, tail = checkpoint.partition("\n\n")
        word = tail.rstrip("\n").split(" ")
        raw = base64.b64decode(word[2])
        flipped = b64(raw[:-1] + bytes([raw[-1] ^ 1]))
        invalid: tuple[tuple[str, str, bytes], ...] = (
            ("promise", "The promise of another entry.",
             changed(good, *_ENTRY, "inclusionPromise", to=promise)),
            ("time", "A time that the log did not promise.",
             changed(good, *_ENTRY, "integratedTime", to=str(int(AT.timestamp()) + 1))),
            ("hash", "An inclusion proof with one other hash.",
             changed(good, *_ENTRY, "inclusionProof", "hashes", 0, to=b64(b"\2" * 32))),
            ("no-proof", "No inclusion proof.", changed(good, *_ENTRY, "inclusionProof", to=...)),
            ("checkpoint-tree", "The checkpoint of another tree.",
             changed(good, *_CHECKPOINT, to=part(later, *_CHECKPOINT))),
            ("checkpoint-signature", "One bit of the checkpoint's signature is another.",
             changed(good, *_CHECKPOINT,
                     to=f"{head}\n\n\N{EM DASH} {word[1]} {flipped}\n")),
            ("checkpoint-name", "A checkpoint signed in another name.",
             changed(good, *_CHECKPOINT, to=f"{head}\n\n\N{EM DASH} {word[1]}x {word[2]}\n")),
            ("checkpoint-key", "A checkpoint that names another key.",
             changed(good, *_CHECKPOINT,
                     to=f"{head}\n\n\N{EM DASH} {word[1]} {b64(bytes(4) + raw[4:])}\n")),
        )  # fmt: skip
        yield Vector(
            "malformed-entry-twice",
            "One log entry, twice.",
            changed(good, *_ENTRY[:2], to=part(good, *_ENTRY[:2]) * 2),
            "malformed",
        )
        for name, about, content in invalid:
            yield Vector(f"log-entry-invalid-{name}", about, content, "log-entry-invalid")
        yield Vector(
            "log-entry-invalid-key",
            "The root has another key for the log.",
            good,
            "log-entry-invalid",
            root="log-of-another-key",
        )
        yield Vector(
            "log-not-trusted", "No log of the root.", good, "log-not-trusted", root="without-logs"
        )
        yield Vector(
            "outside-validity-log",
            "The log's time in the root is over.",
            good,
            "outside-validity",
            root="logs-ended",
        )
        yield Vector(
            "log-entry-missing",
            "In no log, with a timestamp.",
            self.keyless(rekor=None, tsa=True),
            "log-entry-missing",
        )
        yield from self._mismatches()

    def _mismatches(self) -> Iterator[Vector]:
        other = Holder(self.stranger)
        logged: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("content", "The entry is of another statement.",
             {"logged": Holder(self.key).envelope(statement(OTHER))}),
            ("key", "The entry names another key.", {"logged_by": other}),
        )  # fmt: skip
        for name, about, told in logged:
            content = self.keyed(rekor=1, **told)
            yield Vector(
                f"log-entry-mismatch-{name}",
                about,
                content,
                "log-entry-mismatch",
                signer={**KEYED, "log": "required"},
            )

    def _times(self) -> Iterator[Vector]:
        yield Vector(
            "timestamp-missing",
            "The signer must have a timestamp, and there is none.",
            self.keyless(),
            "timestamp-missing",
            signer={**KEYLESS, "timestamp": "required"},
        )
        yield Vector(
            "timestamp-missing-over-another",
            "A timestamp over another signature.",
            self.keyless(tsa=True, stamped=b"another signature"),
            "timestamp-missing",
            signer={**KEYLESS, "timestamp": "required"},
        )
        yield Vector(
            "signing-time-missing",
            "A certificate, and nobody who says when its key was used.",
            self.keyless(rekor=None),
            "signing-time-missing",
            signer={**KEYLESS, "log": "optional"},
        )
        yield Vector(
            "signed-in-the-future",
            "Logged an hour after the run began.",
            self.keyless(at=AT + timedelta(hours=13)),
            "signed-in-the-future",
        )


def part_to_sign(bundle: bytes) -> bytes:
    """Return what the signature of an envelope is over."""
    envelope = part(bundle, "dsseEnvelope")
    kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _with_key(root: dict[str, Any], logs: str, key: str) -> dict[str, Any]:
    """Return a root in which the first log has another key under its own identifier."""
    other = copy.deepcopy(root)
    other[logs][0]["publicKey"]["rawBytes"] = key
    return other


def made() -> dict[str, bytes]:
    """Return every file of the folder that is made, by its path in it."""
    with nothing_random():
        maker = Maker(LocalSigstore())
        roots = maker.roots()
        vectors = list(maker.vectors())
    files = {f"roots/{name}.json": _written(root) for name, root in roots.items()}
    files["release.pub"] = public_pem(maker.key.public_key())
    return files | {f"{v.name}.json": _written(v.to_json()) for v in vectors}


def _written(value: object) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


Check = Callable[[], None]
