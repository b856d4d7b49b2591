"""Fresh signatures of every shape: which count, and why the others do not."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from gate.keys.public import PublicKey
from gate.keys.schemes import signed_in_a_safe_scheme
from gate.model.evidence import AttachedKind, Clock, Rejection
from gate.model.identity import CertificateIdentity, KeyIdentity
from gate.model.image import Digest
from gate.model.predicates import ImageSignature, Unrecognised
from gate.trust.bundle import parse_bundle
from gate.trust.claims import Claims
from gate.trust.prove import Artifact, check_signature
from gate.trust.refusal import Reason, Refusal
from gate.trust.trusted_root import parse_trusted_root
from gate.trust.verify import AttachedVerifier
from tests.builders import cosign_layers
from tests.fakes.sigstore import (
    GITHUB,
    WORKFLOW,
    Holder,
    LocalSigstore,
    RekorVersion,
    SigningKey,
    Window,
    new_key,
    trusted_root,
)
from tests.fakes.sigstore.fulcio import Fulcio
from tests.trust import given
from tests.trust.given import (
    ARM,
    AT,
    DIGEST,
    NOW,
    OTHER,
    SLSA,
    Told,
    attached,
    changed,
    identity,
    judged,
)

S = given.sigstore()
SIGNED = S.keyless_bundle(given.statement(), at=AT)
ENDED = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))


def _keyless(**told: Any) -> bytes:  # noqa: ANN401  # the fake's own arguments
    payload = told.pop("payload", given.statement())
    return S.keyless_bundle(payload, at=AT, **told)


def test_a_keyless_signature_names_its_signer_its_time_and_its_log() -> None:
    found = judged(SIGNED).accepted
    assert found.predicate == ImageSignature()
    assert found.predicate_type == given.SIGN
    assert found.signers == ("ci",)
    assert found.identity == CertificateIdentity(WORKFLOW, GITHUB)
    assert found.subject == DIGEST
    assert [(t.at, t.clock, t.authority) for t in found.times] == [
        (AT, Clock.LOG, "rekor1.local.test")
    ]
    assert found.logs == ("rekor1.local.test",)
    assert found.attached == Digest.of(SIGNED)


def test_a_signature_in_rekor_v2_has_its_time_from_the_timestamp_authority() -> None:
    found = judged(_keyless(rekor=2)).accepted
    assert [t.clock for t in found.times] == [Clock.AUTHORITY]
    assert found.signed_at == AT
    assert found.logs == ("rekor2.local.test",)


def test_the_oldest_of_several_times_counts() -> None:
    found = judged(_keyless(tsa=True, stamped_at=AT + timedelta(minutes=3))).accepted
    assert [t.clock for t in found.times] == [Clock.LOG, Clock.AUTHORITY]
    assert found.signed_at == AT


@pytest.mark.parametrize(
    "leaf",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
)
@pytest.mark.parametrize("rekor", [1, 2])
def test_r283_certificates_for_keys_of_every_kind_are_verified(
    leaf: SigningKey, rekor: RekorVersion
) -> None:
    assert judged(_keyless(key=leaf, rekor=rekor)).accepted.signers == ("ci",)


@pytest.mark.parametrize("proof", [{}, {"rekor": 1}, {"rekor": 2}, {"tsa": True}])
def test_a_keyed_signature_counts_with_and_without_a_log_and_a_time(proof: Told) -> None:
    signer = new_key()
    bundle = S.keyed_bundle(given.statement(), signer, at=AT, **proof)
    trusted = given.key(signer.public_key())
    found = judged(bundle, trusted).accepted
    assert isinstance(found.identity, KeyIdentity)
    assert found.signers == ("key",)
    assert bool(found.times) is bool(proof)


def test_a_key_is_asked_once_whether_it_made_a_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    verify = signed_in_a_safe_scheme

    def count(key: PublicKey, signature: bytes, data: bytes) -> bool:
        asked.append(key)
        return verify(key, signature, data)

    monkeypatch.setattr("gate.trust.prove.signed_in_a_safe_scheme", count)
    signer, other = new_key(), new_key().public_key()
    bundle = S.keyed_bundle(given.statement(), signer, at=AT, rekor=1)
    trusted = given.key(signer.public_key()), given.key(other, "other")
    assert judged(bundle, *trusted).accepted.signers == ("key",)
    assert asked == [signer.public_key(), other]


def test_every_signer_of_the_policy_that_matches_is_named() -> None:
    pattern = WORKFLOW.replace("refs/heads/main", "refs/heads/*")
    found = judged(SIGNED, identity("b", pattern), identity("a"), identity("c", "a@b.example"))
    assert found.accepted.signers == ("a", "b")


def test_an_attestation_of_a_type_that_gate_does_not_read_is_verified_all_the_same() -> None:
    bundle = _keyless(payload=given.statement(predicate_type=SLSA))
    assert judged(bundle).accepted.predicate == Unrecognised(SLSA)


def test_a_statement_about_a_platform_is_about_that_platform() -> None:
    assert judged(_keyless(payload=given.statement(ARM, OTHER))).accepted.subject == ARM
    assert judged(_keyless(payload=given.statement(ARM, DIGEST))).accepted.subject == DIGEST


def test_r047_what_is_in_no_log_is_refused_and_no_log_is_searched() -> None:
    assert judged(_keyless(rekor=None)).code is Reason.LOG_ENTRY_MISSING
    assert judged(_keyless(rekor=None, tsa=True)).code is Reason.LOG_ENTRY_MISSING


def test_a_timestamp_is_enough_where_the_policy_says_so() -> None:
    signer = identity(log_required=False)
    assert judged(_keyless(rekor=None, tsa=True), signer).accepted.logs == ()
    assert judged(_keyless(rekor=None), signer).code is Reason.SIGNING_TIME_MISSING


def test_a_timestamp_is_demanded_where_the_policy_says_so() -> None:
    signer = identity(timestamp_required=True)
    assert judged(SIGNED, signer).code is Reason.TIMESTAMP_MISSING
    assert judged(_keyless(tsa=True), signer).accepted.signers == ("ci",)


def test_r050_a_statement_about_another_image_is_refused() -> None:
    found = judged(_keyless(payload=given.statement(OTHER)))
    assert found.code is Reason.SUBJECT_MISMATCH
    assert str(OTHER) in found.message


@pytest.mark.parametrize(
    "digest", [DIGEST.hex.upper(), DIGEST.hex[:-1], f"sha256:{DIGEST.hex}", f" {DIGEST.hex}", ""]
)
def test_r051_r052_a_name_or_a_misspelt_digest_is_no_subject(digest: str) -> None:
    subject = [{"name": str(DIGEST), "digest": {"sha256": digest}}]
    assert judged(_keyless(payload=given.statement(subject=subject))).code is Reason.MALFORMED


def test_r059_another_issuer_or_identity_is_a_stranger_and_the_message_names_both() -> None:
    for signer in (identity(issuer="https://evil.example"), identity(subject="a@b.example")):
        found = judged(SIGNED, signer)
        assert found.code is Reason.SIGNER_MISMATCH
        assert WORKFLOW in found.message
        assert "must be" in found.message


@pytest.mark.parametrize(
    "issuer", [GITHUB.upper(), f"{GITHUB}/", f"{GITHUB}:443", GITHUB.replace("//", "//x@")]
)
def test_r071_issuers_are_compared_byte_by_byte(issuer: str) -> None:
    assert judged(SIGNED, identity(issuer=issuer)).code is Reason.SIGNER_MISMATCH


@pytest.mark.parametrize(
    ("demand", "extension", "value"),
    [
        ("source_repository", 12, "https://github.com/acme/shop"),
        ("repository_id", 15, "4711"),
        ("owner_id", 17, "42"),
        ("ref", 14, "refs/tags/v1"),
        ("runner_environment", 11, "github-hosted"),
        ("visibility", 22, "public"),
    ],
)
def test_r064_r066_each_demand_alone_flips_the_verdict(
    demand: str, extension: int, value: str
) -> None:
    signer = identity(**{demand: value})
    assert judged(_keyless(extensions={extension: value}), signer).accepted.signers == ("ci",)
    for other in ({extension: f"{value}x"}, {}):
        found = judged(_keyless(extensions=other), signer)
        assert found.code is Reason.SIGNER_MISMATCH
        assert value in found.message


def test_the_older_extensions_count_where_the_newer_are_absent() -> None:
    signer = identity(source_repository="https://github.com/acme/shop", ref="refs/tags/*")
    old = {5: "acme/shop", 6: "refs/tags/v1"}
    assert judged(_keyless(extensions=old), signer).accepted.signers == ("ci",)
    new = {**old, 12: "https://github.com/acme/other"}
    assert judged(_keyless(extensions=new), signer).code is Reason.SIGNER_MISMATCH


@pytest.mark.parametrize(
    "trigger",
    ["pull_request", "pull_request_target", "merge_request_event", "external_pull_request_event"],
)
def test_r065_what_a_pull_request_triggered_is_refused_unless_named(trigger: str) -> None:
    bundle = _keyless(extensions={20: trigger})
    assert judged(bundle).code is Reason.SIGNER_MISMATCH
    assert judged(bundle, identity(triggers=(trigger,))).accepted.signers == ("ci",)
    assert judged(SIGNED, identity(triggers=("push",))).code is Reason.SIGNER_MISMATCH


@pytest.mark.parametrize(
    ("extensions", "asked", "line"),
    [
        (
            {12: "https://github.com/acme/caller"},
            {"source_repository": "https://github.com/acme/shop"},
            "`source-repository: https://github.com/acme/caller`",
        ),
        ({20: "pull_request"}, {}, "`trigger: pull_request`"),
        ({20: "merge_request_event"}, {}, "`trigger: merge_request_event`"),
        ({20: "schedule"}, {"triggers": ("push",)}, "`trigger: [push, schedule]`"),
        ({15: "7"}, {"repository_id": "8"}, "`repository-id: 7`"),
    ],
)
def test_what_one_field_keeps_from_counting_has_the_line_that_takes_it(
    extensions: dict[int, str], asked: dict[str, Any], line: str
) -> None:
    refused = judged(_keyless(extensions=extensions), identity(**asked))
    assert refused.code is Reason.SIGNER_MISMATCH
    assert refused.remedy.startswith(f"write {line} for 'ci' in the policy, if ")


@pytest.mark.parametrize(
    ("spelt", "near"),
    [(str.title, True), (lambda text: f"{text}/", True), (lambda text: f"{text}:443", True),
     (lambda text: f"{text}x", False)],
)  # fmt: skip
def test_an_issuer_is_proposed_only_where_it_is_spelt_nearly_as_demanded(
    spelt: Callable[[str], str],
    near: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    refused = judged(SIGNED, identity(issuer=spelt(GITHUB)))
    assert refused.code is Reason.SIGNER_MISMATCH
    assert bool(refused.remedy) is near


def test_what_two_fields_keep_from_counting_has_no_line() -> None:
    two = _keyless(extensions={15: "7", 12: "https://github.com/acme/caller"})
    asked = identity(source_repository="https://github.com/acme/shop", repository_id="8")
    refused = judged(two, asked)
    assert (refused.code, refused.remedy) == (Reason.SIGNER_MISMATCH, "")


@pytest.mark.parametrize("trigger", ["pull_request", "merge_request_event"])
def test_what_a_merge_request_signed_in_another_place_is_sent_to_the_branch(trigger: str) -> None:
    two = _keyless(extensions={20: trigger, 12: "https://github.com/acme/caller"})
    refused = judged(two, identity(source_repository="https://github.com/acme/shop"))
    assert refused.code is Reason.SIGNER_MISMATCH
    assert refused.remedy.startswith("sign in the run of a branch or a tag: ")


@pytest.mark.parametrize(
    ("issuer", "slug"),
    [
        ("https://token.actions.githubusercontent.com/acme-corp", "acme-corp"),
        ("https://token.actions.githubusercontent.com/acme/x", ""),
        ("https://token.actions.githubusercontent.com.evil.example/acme", ""),
        ("https://token.actions.githubusercontent.com/", ""),
    ],
)
def test_the_issuer_of_an_enterprise_has_its_line(issuer: str, slug: str) -> None:
    claims = Claims(identity=CertificateIdentity(WORKFLOW, issuer))
    signer = identity(issuer="https://token.actions.githubusercontent.com")
    found = signer.mismatch(claims)
    assert found is not None
    line = f"write `issuer: {issuer}` for 'ci' in the policy, if {slug} is your enterprise"
    assert found[1].startswith(line) if slug else slug not in found[1].split()


OWN, ON_OWN = "https://gitlab.acme.example", "https://gitlab.acme.example/acme/shop"
ON_COM = "https://gitlab.com/acme/shop"
CI_FILE = "//.gitlab-ci.yml@refs/heads/main"


@pytest.mark.parametrize(
    ("subject", "source", "near"),
    [
        (f"{ON_OWN}{CI_FILE}", ON_OWN, True),
        (f"{ON_OWN}{CI_FILE}", "https://gitlab.acme.example/acme/other", False),
        (f"https://gitlab.acme.example/acme/other{CI_FILE}", ON_OWN, False),
        (f"{ON_COM}{CI_FILE}", ON_COM, False),
    ],
)
def test_a_server_of_ones_own_has_its_two_lines_where_the_host_alone_differs(
    subject: str, source: str, *, near: bool
) -> None:
    signer = identity(
        issuer="https://gitlab.com",
        subject=f"{ON_COM}{CI_FILE}",
        source_repository=ON_COM,
    )
    found = signer.mismatch(
        Claims(identity=CertificateIdentity(subject, OWN), source_repository=source)
    )
    assert found is not None
    lines = f"write `issuer: {OWN}` and `identity: {ON_OWN}{CI_FILE}` for 'ci' in the policy, if "
    assert found[1].startswith(lines) is near


@pytest.mark.parametrize(
    ("bundle", "asked", "line"),
    [
        ({"rekor": None}, {}, "`log: optional` for 'ci'"),
        ({}, {"timestamp_required": True}, "`timestamp: required` for 'ci'"),
        ({"sct": False}, {}, "pin that one's trusted root under `trusted-roots`"),
    ],
)
def test_a_proof_that_is_missing_has_its_own_next_step(
    bundle: dict[str, Any], asked: dict[str, Any], line: str
) -> None:
    assert line in judged(_keyless(**bundle), identity(**asked)).remedy


def test_a_certificate_that_names_two_issuers_is_refused() -> None:
    assert judged(_keyless(extensions={1: "https://other.example"})).code is Reason.MALFORMED


def test_a_key_that_the_policy_does_not_name_is_a_stranger() -> None:
    bundle = S.keyed_bundle(given.statement(), new_key(), at=AT)
    assert judged(bundle, given.key(new_key().public_key())).code is Reason.SIGNER_MISMATCH
    assert judged(bundle).code is Reason.SIGNER_MISMATCH


def test_r049_a_certificate_never_stands_in_for_a_key_that_the_policy_names() -> None:
    signer = new_key()
    bundle = _keyless(key=signer)
    assert judged(bundle, given.key(signer.public_key())).code is Reason.SIGNER_MISMATCH


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        ({"authorities": ENDED}, {}),
        ({"certificate_logs": ENDED}, {}),
        ({"logs": ENDED}, {}),
        ({"logs": ENDED}, {"rekor": 2}),
        ({"timestamps": ENDED}, {"rekor": 2}),
    ],
)
def test_r086_what_the_root_trusted_in_another_year_only_is_refused(
    windows: Told, told: Told
) -> None:
    signer = identity(root=given.root(**windows))
    assert judged(_keyless(**told), signer).code is Reason.OUTSIDE_VALIDITY


def test_both_ends_of_a_window_are_inside_it() -> None:
    for window in (Window(AT), Window(ENDED.start, AT)):
        signer = identity(root=given.root(authorities=window, certificate_logs=window, logs=window))
        assert judged(SIGNED, signer).accepted.signed_at == AT


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("tlogs", Reason.LOG_NOT_TRUSTED),
        ("certificateAuthorities", Reason.CERTIFICATE_NOT_TRUSTED),
        ("ctlogs", Reason.SCT_INVALID),
    ],
)
def test_r103_nothing_stands_in_for_what_the_root_lacks(part: str, code: Reason) -> None:
    assert judged(SIGNED, identity(root=given.root_without(part))).code is code


def test_a_root_without_certificate_logs_does_for_signers_that_need_no_log() -> None:
    bundle = _keyless(rekor=None, tsa=True, sct=False)
    signer = identity(root=given.root_without("ctlogs"), log_required=False)
    assert judged(bundle, signer).accepted.signers == ("ci",)
    assert judged(bundle, identity(log_required=False)).code is Reason.SCT_INVALID


def test_r085_a_certificate_outlives_no_authority_that_issued_it() -> None:
    old = LocalSigstore(ENDED)
    root = parse_trusted_root(json.dumps(trusted_root(old)).encode())
    bundle = old.keyless_bundle(given.statement(), at=AT)
    assert judged(bundle, identity(root=root)).code is Reason.CERTIFICATE_NOT_TRUSTED


def test_a_timestamp_by_an_authority_that_the_root_lacks_is_no_time() -> None:
    root = given.root_without("timestampAuthorities")
    assert judged(_keyless(rekor=2), identity(root=root)).code is Reason.TIMESTAMP_MISSING
    assert len(judged(_keyless(tsa=True), identity(root=root)).accepted.times) == 1


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"logged_at": AT + timedelta(hours=1)}, Reason.CERTIFICATE_EXPIRED),
        ({"logged_at": AT - timedelta(hours=1)}, Reason.CERTIFICATE_EXPIRED),
        ({"rekor": 2, "stamped_at": AT + timedelta(hours=1)}, Reason.CERTIFICATE_EXPIRED),
        ({"tsa": True, "stamped_at": AT + timedelta(hours=1)}, Reason.CERTIFICATE_EXPIRED),
        ({"rekor": 2, "stamped": b"another"}, Reason.TIMESTAMP_MISSING),
        ({"rekor": 2, "tsa": False}, Reason.SIGNING_TIME_MISSING),
        ({"sct": False}, Reason.SCT_INVALID),
    ],
)
def test_r084_r088_r099_times_and_certificates_that_do_not_hold(told: Told, code: Reason) -> None:
    assert judged(_keyless(**told), identity(log_required=False)).code is code


def test_r087_a_signature_from_the_future_is_refused_and_a_little_skew_is_not() -> None:
    assert judged(SIGNED, now=AT - timedelta(minutes=6)).code is Reason.SIGNED_IN_THE_FUTURE
    assert judged(SIGNED, now=AT - timedelta(minutes=5)).accepted.signed_at == AT


@pytest.mark.parametrize("rekor", [1, 2])
def test_r044_r045_r046_a_log_entry_of_something_else_is_refused(rekor: RekorVersion) -> None:
    holder = S.holder(AT)
    mine = holder.envelope(given.statement())
    theirs = holder.envelope(given.statement(OTHER))
    again = holder.envelope(given.statement())
    other = S.holder(AT)
    for swap in ({"logged": theirs}, {"logged": again}, {"logged_by": other}):
        bundle = S.bundle(mine, holder, AT, rekor=rekor, **swap)
        assert judged(bundle).code is Reason.LOG_ENTRY_MISMATCH


def test_r044_a_keyed_signature_is_not_excused_from_its_own_log_entry() -> None:
    signer = new_key()
    holder = Holder(signer)
    other = holder.envelope(given.statement(OTHER))
    bundle = S.bundle(holder.envelope(given.statement()), holder, AT, rekor=1, logged=other)
    trusted = given.key(signer.public_key())
    assert judged(bundle, trusted).code is Reason.LOG_ENTRY_MISMATCH


def test_an_intoto_entry_is_bound_to_the_envelope() -> None:
    assert judged(_keyless(kind="intoto")).accepted.logs == ("rekor1.local.test",)


@pytest.mark.parametrize("kind", ["text/plain", "application/vnd.in-toto+json ", "", "é"])
def test_r073_another_payload_type_is_refused(kind: str) -> None:
    assert judged(_keyless(payload_type=kind)).code is Reason.PAYLOAD_TYPE


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"text",
        b"[]",
        b"null",
        given.statement() + b" x",
        given.statement()[:-1] + b',"_type":"x"}',
        given.statement(subject=[]),
        given.statement(subject="x"),
        given.statement(subject=[{"digest": {"sha512": "ab" * 64}}]),
        given.statement(_type="https://in-toto.io/Statement/v2"),
        given.statement(predicateType=""),
        given.statement(predicateType=7),
        b"\xef\xbb\xbf" + given.statement(),
        given.statement().decode().encode("utf-16"),
    ],
)
def test_r075_r262_a_payload_that_is_no_statement_is_refused(payload: bytes) -> None:
    assert judged(_keyless(payload=payload)).code is Reason.MALFORMED


@pytest.mark.parametrize("predicate", [None, "text", 7, [], True])
def test_r074_a_predicate_of_any_shape_is_data(predicate: object) -> None:
    payload = given.statement(predicate_type=SLSA, predicate=predicate)
    assert judged(_keyless(payload=payload)).accepted.predicate == Unrecognised(SLSA)


def test_a_statement_of_version_0_1_is_read() -> None:
    payload = given.statement(_type="https://in-toto.io/Statement/v0.1")
    assert judged(_keyless(payload=payload)).accepted.subject == DIGEST


def test_what_buildkit_wrote_is_unsigned_and_its_type_is_told() -> None:
    found = attached(given.statement(predicate_type=SLSA), AttachedKind.BUILDKIT_STATEMENT)
    said = judged(found)
    assert said.code is Reason.UNSIGNED
    assert getattr(said.said, "predicate_type", None) == SLSA


def test_what_has_no_name_is_not_understood() -> None:
    assert judged(attached(b"x", AttachedKind.UNKNOWN)).code is Reason.NOT_UNDERSTOOD


def test_a_signature_over_bytes_says_nothing_about_an_image() -> None:
    assert judged(S.keyless_signature(b"x", at=AT)).code is Reason.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("content", "claimed"),
    [
        (SIGNED, given.SIGN),
        (given.changed(SIGNED, "dsseEnvelope", "signatures", to=[]), given.SIGN),
        (given.changed(SIGNED, "extra", to=1), given.SIGN),
        (given.changed(SIGNED, "dsseEnvelope", "payload", to="eyJ"), None),
        (given.changed(SIGNED, "dsseEnvelope", "payload", to="e30="), None),
        (given.changed(SIGNED, "dsseEnvelope", to=7), None),
        (b"[]", None),
        (b"no JSON", None),
    ],
)
def test_a_rejection_tells_the_type_that_the_bytes_claim(
    content: bytes, claimed: str | None
) -> None:
    said = judged(content, identity(subject="a@b.example")).said
    assert isinstance(said, Rejection)
    assert said.predicate_type == claimed


def test_a_fault_of_the_verifier_itself_is_a_rejection(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("gate.trust.verify.attribute", broken)
    found = judged(SIGNED)
    assert found.code is Reason.MALFORMED
    assert "RuntimeError" in found.message


def _logged_as(*proofs: Told) -> bytes:
    """Return one signature with several log entries."""
    holder = S.holder(AT)
    content = holder.envelope(given.statement())
    first, *more = (json.loads(S.bundle(content, holder, AT, **proof)) for proof in proofs)
    entries = first["verificationMaterial"]["tlogEntries"]
    entries += (e for m in more for e in m["verificationMaterial"]["tlogEntries"])
    return json.dumps(first).encode()


def test_a_signature_in_two_logs_names_both() -> None:
    found = judged(_logged_as({"rekor": 1}, {"rekor": 2})).accepted
    assert found.logs == ("rekor1.local.test", "rekor2.local.test")


def test_r080_two_entries_in_one_log_are_one_witness() -> None:
    found = judged(_logged_as({"kind": "dsse"}, {"kind": "intoto"})).accepted
    assert found.logs == ("rekor1.local.test",)
    assert len(found.times) == 1


def test_every_log_entry_that_is_there_must_hold() -> None:
    strange = LocalSigstore()
    holder = S.holder(AT)
    content = holder.envelope(given.statement())
    mine, theirs = (json.loads(s.bundle(content, holder, AT)) for s in (S, strange))
    mine["verificationMaterial"]["tlogEntries"] += theirs["verificationMaterial"]["tlogEntries"]
    assert judged(json.dumps(mine).encode()).code is Reason.LOG_NOT_TRUSTED


def test_r079_one_key_under_two_names_is_one_identity() -> None:
    signer = new_key()
    bundle = S.keyed_bundle(given.statement(), signer, at=AT)
    two = (given.key(signer.public_key(), "a"), given.key(signer.public_key(), "b"))
    found = judged(bundle, *two).accepted
    assert found.signers == ("a", "b")
    assert str(found.identity).startswith("key sha256:")


def test_where_nobody_vouches_for_a_time_the_log_must_be_trusted_now() -> None:
    signer = new_key()
    bundle = S.keyed_bundle(given.statement(), signer, at=AT, rekor=2, tsa=False)
    trusted = given.key(signer.public_key())
    assert judged(bundle, trusted).accepted.times == ()
    ended = given.key(signer.public_key(), root=given.root(logs=ENDED))
    assert judged(bundle, ended, now=NOW).code is Reason.OUTSIDE_VALIDITY


def _stamped_by_a_stranger(*embedded: x509.Certificate) -> bytes:
    """Return a bundle whose timestamp a stranger made, with certificates of others in it."""
    bundle = _keyless(rekor=None, tsa=False)
    signature = base64.b64decode(json.loads(bundle)["dsseEnvelope"]["signatures"][0]["sig"])
    strange = LocalSigstore().tsa
    response = tsp.TimeStampResp.load(strange.stamp(signature, AT))
    certificates = [strange.leaf, *embedded]
    token = response["time_stamp_token"]["content"]
    token["certificates"] = sorted(
        (asn1_x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in certificates),
        key=lambda c: c.dump(),
    )
    text = base64.b64encode(response.dump(force=True)).decode()
    stamps = {"rfc3161Timestamps": [{"signedTimestamp": text}]}
    return given.changed(bundle, "verificationMaterial", "timestampVerificationData", to=stamps)


def test_r038_a_trusted_certificate_inside_a_timestamp_does_not_make_it_trusted() -> None:
    signer = identity(log_required=False)
    alone = judged(_stamped_by_a_stranger(), signer)
    beside = judged(_stamped_by_a_stranger(S.tsa.leaf), signer)
    assert (alone.code, beside.code) == (Reason.TIMESTAMP_MISSING, Reason.TIMESTAMP_MISSING)


@pytest.mark.parametrize("said", [b"y", b""])
def test_r048_a_message_digest_of_other_bytes_is_refused(said: bytes) -> None:
    signer = new_key()
    lie = base64.b64encode(hashlib.sha256(said).digest()).decode()
    good = S.keyed_signature(b"x", signer, at=AT)
    bad = changed(good, "messageSignature", "messageDigest", "digest", to=lie)
    artifact = Artifact(Digest.of(b"x"), b"x")
    key = signer.public_key()
    check_signature(parse_bundle(good), key, artifact)
    with pytest.raises(Refusal) as caught:
        check_signature(parse_bundle(bad), key, artifact)
    assert caught.value.reason is Reason.SUBJECT_MISMATCH


def test_of_a_pass_alone_it_is_told_what_it_is_about_too() -> None:
    """A list of ended passes may name a platform that nobody looked up."""
    passed = {
        "verifier": {"id": "https://acme.example/gate"},
        "resourceUri": f"registry.example/shop/web@{DIGEST}",
        "verificationResult": "PASSED",
        "timeVerified": "2026-11-20T12:00:00Z",
        "policy": {"digest": {"sha256": "1" * 64}},
        "verifiedLevels": [],
    }
    for kind, also in (
        ("https://slsa.dev/verification_summary/v1", frozenset({ARM, OTHER})),
        (given.SLSA, frozenset()),
    ):
        payload = given.statement(DIGEST, ARM, OTHER, predicate_type=kind, predicate=passed)
        found = judged(S.keyless_bundle(payload, at=AT)).accepted
        assert (found.subject, found.also) == (DIGEST, also)


def test_a_certificate_timestamp_of_a_year_that_no_clock_shows_is_no_proof_and_hides_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Fulcio._sct_list  # noqa: SLF001  # the fake's own part
    for beside, said in ((True, None), (False, Reason.SCT_INVALID)):

        def listed(*told: Any, beside: bool = beside) -> bytes:  # noqa: ANN401  # as the fake's
            good = made(*told)[2:]
            odd = good[:35] + b"\x7f" + good[36:]  # the first byte of its milliseconds
            both = odd + good if beside else odd
            return len(both).to_bytes(2) + both

        monkeypatch.setattr(Fulcio, "_sct_list", listed)
        found = judged(S.keyless_bundle(given.statement(), at=AT))
        assert (found.code if isinstance(found.said, Rejection) else None) is said


def test_what_was_signed_in_an_envelope_is_known_by_its_digest_and_what_was_not_by_none() -> None:
    assert judged(SIGNED).accepted.statement == Digest.of(given.statement())
    assert judged(cosign_layers.SIGNED).accepted.statement is None


def test_the_roots_of_a_verifier_are_those_that_have_a_digest() -> None:
    known, unknown = given.ROOT, replace(given.ROOT, digest=None)
    signers = (identity(root=unknown), identity("other", root=known))
    assert known.digest is not None
    assert AttachedVerifier(signers, NOW).roots == (known.digest,)
