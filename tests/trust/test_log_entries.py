"""What a log entry has to say of a signature, part by part, and where a proof of it has to lead."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from gate.trust.bundle import Envelope, MessageSignature
from gate.trust.entry import LogEntry, parse_cosign_entry, parse_entry
from gate.trust.log import find_logged
from gate.trust.log_body import SignedContent, check_about
from gate.trust.merkle import leaf_hash, root_of
from gate.trust.refusal import Reason, Refusal
from tests.fakes.sigstore import Holder, new_key
from tests.fakes.sigstore.encoding import b64, canonical, key_pem, sha256, spki
from tests.fakes.sigstore.entries import body_v1, body_v2
from tests.fakes.sigstore.merkle import Tree, audit_path, tree_root
from tests.trust import given
from tests.trust.given import AT

S: Final = given.sigstore()
HOLDER: Final = Holder(new_key())
OTHER: Final = Holder(new_key())
SIGNED: Final = HOLDER.envelope(given.statement())
BYTES: Final = HOLDER.artifact(b"some bytes")
STORED: Final = json.dumps(SIGNED.to_json()).encode()
VERIFIER: Final = spki(HOLDER.key.public_key())
IN_ENVELOPE: Final = SignedContent(
    content=Envelope(SIGNED.payload, SIGNED.payload_type, SIGNED.signature, STORED),
    verifier=VERIFIER,
    message=SIGNED.signed,
    sha256=sha256(SIGNED.signed),
)
OVER_BYTES: Final = SignedContent(
    content=MessageSignature(BYTES.signature),
    verifier=VERIFIER,
    message=b"some bytes",
    sha256=sha256(b"some bytes"),
)
OTHER_PEM: Final = b64(key_pem(OTHER.key.public_key()))
OTHER_HASH: Final = sha256(b"another").hex()
INTOTO_1: Final[dict[str, Any]] = {
    "apiVersion": "0.0.1",
    "kind": "intoto",
    "spec": {
        "content": {
            "hash": {"algorithm": "sha256", "value": sha256(STORED).hex()},
            "payloadHash": {"algorithm": "sha256", "value": sha256(SIGNED.payload).hex()},
        },
        "publicKey": b64(HOLDER.verifier_pem),
    },
}
GOOD: Final[dict[str, tuple[dict[str, Any], SignedContent]]] = {
    "hashedrekord 0.0.1": (body_v1(BYTES, HOLDER), OVER_BYTES),
    "hashedrekord 0.0.2": (body_v2(BYTES, HOLDER), OVER_BYTES),
    "hashedrekord 0.0.2 of an envelope": (body_v2(SIGNED, HOLDER), IN_ENVELOPE),
    "dsse 0.0.1": (body_v1(SIGNED, HOLDER), IN_ENVELOPE),
    "intoto 0.0.1": (INTOTO_1, IN_ENVELOPE),
    "intoto 0.0.2": (body_v1(SIGNED, HOLDER, "intoto"), IN_ENVELOPE),
}
V2: Final = ("spec", "hashedRekordV002")
DSSE: Final = ("spec", "signatures", 0)
IN_2: Final = ("spec", "content", "envelope")
CHANGES: Final = [
    ("hashedrekord 0.0.1", ("spec", "data", "hash", "value"), OTHER_HASH, "digest"),
    ("hashedrekord 0.0.1", ("spec", "data", "hash", "algorithm"), "md5", "a kind that is not read"),
    ("hashedrekord 0.0.1", ("spec", "signature", "content"), "AAAA", "signature"),
    ("hashedrekord 0.0.1", ("spec", "signature", "publicKey", "content"), OTHER_PEM, "key"),
    ("hashedrekord 0.0.2", (*V2, "data", "digest"), "AAAA", "digest"),
    ("hashedrekord 0.0.2", (*V2, "data", "algorithm"), "SHA3", "a kind that is not read"),
    ("hashedrekord 0.0.2", (*V2, "signature", "content"), "AAAA", "signature"),
    (
        "hashedrekord 0.0.2",
        (*V2, "signature", "verifier", "publicKey", "rawBytes"),
        b64(spki(OTHER.key.public_key())),
        "key",
    ),
    ("dsse 0.0.1", ("spec", "payloadHash", "value"), OTHER_HASH, "payload"),
    ("dsse 0.0.1", ("spec", "payloadHash", "algorithm"), "sha512", "payload"),
    ("dsse 0.0.1", (*DSSE, "signature"), "AAAA", "signature"),
    ("dsse 0.0.1", (*DSSE, "verifier"), OTHER_PEM, "key"),
    ("dsse 0.0.1", ("spec", "signatures"), [], "0 signatures"),
    ("intoto 0.0.1", ("spec", "content", "hash", "value"), OTHER_HASH, "envelope"),
    ("intoto 0.0.1", ("spec", "content", "payloadHash", "value"), OTHER_HASH, "payload"),
    ("intoto 0.0.1", ("spec", "publicKey"), OTHER_PEM, "key"),
    ("intoto 0.0.2", ("spec", "content", "payloadHash", "value"), OTHER_HASH, "payload"),
    ("intoto 0.0.2", (*IN_2, "payloadType"), "text/plain", "payload type"),
    ("intoto 0.0.2", (*IN_2, "signatures", 0, "sig"), b64(b64(b"x").encode()), "signature"),
    ("intoto 0.0.2", (*IN_2, "signatures", 0, "publicKey"), OTHER_PEM, "key"),
    ("intoto 0.0.2", (*IN_2, "signatures"), [{}, {}], "2 signatures"),
    ("dsse 0.0.1", ("spec", "signatures"), [{}] * 16, "16 signatures"),
]


def entry(body: dict[str, Any], **more: Any) -> LogEntry:  # noqa: ANN401  # of LogEntry
    said = {"log_id": b"", "kind": body["kind"], "version": body["apiVersion"], "index": 0}
    return LogEntry(**{**said, "body": canonical(body), **more})


def refused(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


@pytest.mark.parametrize("kind", GOOD)
def test_an_entry_about_the_signature_is_taken(kind: str) -> None:
    body, signed = GOOD[kind]
    check_about(entry(body), signed)


@pytest.mark.parametrize(("kind", "path", "to", "said"), CHANGES)
def test_r044_r045_r046_an_entry_that_differs_in_one_part_is_of_another_signature(
    kind: str, path: tuple[str | int, ...], to: object, said: str
) -> None:
    body, signed = GOOD[kind]
    changed = copy.deepcopy(body)
    inside: Any = changed
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = to
    refusal = refused(lambda: check_about(entry(changed), signed))
    assert refusal.reason is Reason.LOG_ENTRY_MISMATCH
    assert said in refusal.message


@pytest.mark.parametrize(
    ("kind", "signed", "said"),
    [
        ("hashedrekord 0.0.1", IN_ENVELOPE, "the bundle holds an envelope"),
        ("dsse 0.0.1", OVER_BYTES, "plain bytes were signed"),
        ("intoto 0.0.2", OVER_BYTES, "plain bytes were signed"),
    ],
)
def test_an_entry_of_a_kind_for_other_content_is_refused(
    kind: str, signed: SignedContent, said: str
) -> None:
    assert said in refused(lambda: check_about(entry(GOOD[kind][0]), signed)).message


def test_an_entry_is_of_the_kind_that_its_body_says() -> None:
    body, signed = GOOD["dsse 0.0.1"]
    for wrong in ({"kind": "intoto"}, {"version": "0.0.2"}):
        refusal = refused(lambda wrong=wrong: check_about(entry(body, **wrong), signed))  # type: ignore[misc]  # the loop's own
        assert refusal.message == "the log entry's kind is not that of the logged body"


def test_an_entry_of_a_kind_that_is_not_read_is_told_so() -> None:
    body = {**GOOD["dsse 0.0.1"][0], "apiVersion": "0.0.9"}
    refusal = refused(lambda: check_about(entry(body), IN_ENVELOPE))
    assert refusal.reason is Reason.NOT_UNDERSTOOD


def test_a_body_with_a_field_more_is_malformed() -> None:
    body = {**GOOD["dsse 0.0.1"][0], "more": 1}
    assert "'more'" in refused(lambda: check_about(entry(body), IN_ENVELOPE)).message


def test_an_entry_of_the_whole_envelope_needs_the_envelope_as_it_was_stored() -> None:
    bare = SignedContent(
        content=Envelope(SIGNED.payload, SIGNED.payload_type, SIGNED.signature),
        verifier=VERIFIER,
        message=SIGNED.signed,
        sha256=sha256(SIGNED.signed),
    )
    assert refused(lambda: check_about(entry(INTOTO_1), bare)).reason is Reason.NOT_UNDERSTOOD


def test_an_older_entry_without_the_payloads_hash_is_taken() -> None:
    body = copy.deepcopy(INTOTO_1)
    del body["spec"]["content"]["payloadHash"]
    check_about(entry(body), IN_ENVELOPE)


def test_a_digest_that_cannot_be_had_is_a_mismatch() -> None:
    body = copy.deepcopy(GOOD["hashedrekord 0.0.1"][0])
    body["spec"]["data"]["hash"]["algorithm"] = "sha512"
    unread = SignedContent(
        content=OVER_BYTES.content, verifier=VERIFIER, message=None, sha256=OVER_BYTES.sha256
    )
    check_about(entry(GOOD["hashedrekord 0.0.1"][0]), unread)
    assert "only sha256 is at hand" in refused(lambda: check_about(entry(body), unread)).message


@pytest.mark.parametrize("junk", [b"words", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_logged_key_that_is_none_is_told_as_that(junk: bytes) -> None:
    body = copy.deepcopy(INTOTO_1)
    body["spec"]["publicKey"] = b64(junk)
    refusal = refused(lambda: check_about(entry(body), IN_ENVELOPE))
    assert refusal.message == "the logged key is neither a certificate nor a public key"


@pytest.mark.parametrize("size", range(6, 20))
def test_a_proof_leads_from_its_leaf_alone_to_the_root_of_its_tree(size: int) -> None:
    tree = Tree()  # of five leaves
    found = [tree.append(b"%d" % number) for number in range(size - 5)]
    last = found[-1]
    leaf = leaf_hash(b"%d" % (size - 6))
    assert root_of(leaf, last.index, last.size, last.path) == last.root
    assert root_of(leaf_hash(b"no"), last.index, last.size, last.path) != last.root
    for index in (last.index - 1, last.index + 1, -1):
        leads_elsewhere(leaf, index, last.size, last.path, last.root)
    leads_elsewhere(leaf, last.index, last.size, last.path[:-1], last.root)
    leads_elsewhere(leaf, last.index, last.size, (*last.path, leaf), last.root)


def leads_elsewhere(
    leaf: bytes, index: int, size: int, path: tuple[bytes, ...], root: bytes
) -> None:
    try:
        assert root_of(leaf, index, size, path) != root
    except Refusal as refusal:
        assert refusal.reason is Reason.LOG_ENTRY_INVALID  # noqa: PT017  # either will do


def test_a_leaf_that_is_not_in_its_tree_has_no_proof() -> None:
    leaf = leaf_hash(b"x")
    assert root_of(leaf, 0, 1, ()) == leaf
    for index, size in ((1, 1), (-1, 1), (0, 0)):
        message = refused(lambda i=index, s=size: root_of(leaf, i, s, ())).message  # type: ignore[misc]  # the loop's own
        assert message == f"leaf {index} is not in a tree of {size} leaves"


@pytest.mark.parametrize("size", range(1, 12))
def test_a_proof_leads_from_each_leaf_of_a_tree_to_its_root(size: int) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(size)]
    for index, leaf in enumerate(leaves):
        assert root_of(leaf, index, size, audit_path(index, leaves)) == tree_root(leaves)


def test_a_leaf_on_the_left_of_its_sibling_is_hashed_before_it() -> None:
    first, second = leaf_hash(b"a"), leaf_hash(b"b")
    assert root_of(first, 0, 2, (second,)) == root_of(second, 1, 2, (first,))
    assert root_of(first, 0, 2, (second,)) != root_of(first, 1, 2, (second,))
    with pytest.raises(Refusal, match="has 1 hashes here, and this has 0"):
        root_of(first, 0, 2, ())


ENTRY: Final = json.loads(S.keyless_bundle(given.statement(), at=AT))["verificationMaterial"][
    "tlogEntries"
][0]


def without(*path: str) -> dict[str, Any]:
    changed = copy.deepcopy(ENTRY)
    inside = changed
    for part in path[:-1]:
        inside = inside[part]
    del inside[path[-1]]
    return dict(changed)


def test_numbers_that_protojson_leaves_out_are_nought() -> None:
    assert parse_entry(without("logIndex")).index == 0
    proof = parse_entry(without("inclusionProof", "logIndex")).proof
    assert proof is not None
    assert proof.index == 0


def test_a_promise_needs_its_time_and_a_proof_none() -> None:
    for missing in (without("integratedTime"), {**ENTRY, "integratedTime": "0"}):
        message = refused(lambda it=missing: parse_entry(it)).message  # type: ignore[misc]  # the loop's own
        assert message == "a log entry has an inclusion promise and no integrated time"
    bare = without("integratedTime")
    del bare["inclusionPromise"]
    assert parse_entry(bare).integrated is None


@pytest.mark.parametrize("name", ["rootHash", "hashes"])
def test_a_hash_of_another_length_is_no_part_of_a_proof(name: str) -> None:
    changed = copy.deepcopy(ENTRY)
    short = b64(b"x" * 31)
    changed["inclusionProof"][name] = [short] if name == "hashes" else short
    assert "not SHA-256" in refused(lambda: parse_entry(changed)).message


def test_cosigns_annotation_has_no_field_more_and_its_logs_name_in_hex() -> None:
    payload = {
        "body": ENTRY["canonicalizedBody"],
        "integratedTime": 1,
        "logIndex": 1,
        "logID": "ab" * 32,
    }
    good = {"SignedEntryTimestamp": "AAAA", "Payload": payload}
    assert parse_cosign_entry(json.dumps(good)).log_id == b"\xab" * 32
    more = json.dumps({**good, "more": 1})
    assert "'more'" in refused(lambda: parse_cosign_entry(more)).message
    other = json.dumps({**good, "Payload": {**payload, "logID": "xy"}})
    assert "another form than hex" in refused(lambda: parse_cosign_entry(other)).message


def found(changed: dict[str, Any], *, proof_required: bool) -> object:
    return find_logged(parse_entry(changed), given.ROOT.logs, proof_required=proof_required).at


def test_an_entry_without_a_proof_counts_by_its_promise_where_older_forms_had_no_more() -> None:
    promised = without("inclusionProof")
    assert found(promised, proof_required=False) == AT
    for changed, required in (
        (promised, True),
        (without("inclusionProof", "checkpoint"), True),
        ({**without("inclusionProof"), "inclusionPromise": None}, False),
    ):
        refusal = refused(lambda c=changed, r=required: found(c, proof_required=r))  # type: ignore[misc]  # the loop's own
        assert refusal.message == "the log entry has no inclusion proof with a checkpoint"


def test_an_older_proof_without_a_checkpoint_has_to_lead_to_its_root_all_the_same() -> None:
    older = without("inclusionProof", "checkpoint")
    assert found(older, proof_required=False) == AT
    older["inclusionProof"]["rootHash"] = b64(b"\1" * 32)
    refusal = refused(lambda: found(older, proof_required=False))
    assert refusal.message == "the inclusion proof does not lead to its root hash"


def test_more_signatures_than_are_read_are_too_many() -> None:
    body = copy.deepcopy(GOOD["dsse 0.0.1"][0])
    body["spec"]["signatures"] = [{}] * 17
    refusal = refused(lambda: check_about(entry(body), IN_ENVELOPE))
    assert refusal.reason is Reason.TOO_LARGE


def test_a_promised_time_that_no_calendar_has_is_refused() -> None:
    late = {**ENTRY, "integratedTime": str(2**62)}
    promised = {
        "body": ENTRY["canonicalizedBody"],
        "integratedTime": 2**62,
        "logID": S.rekor_v1.log_id.hex(),
        "logIndex": int(ENTRY["logIndex"]),
    }
    late["inclusionPromise"] = {"signedEntryTimestamp": b64(S.rekor_v1.sign(canonical(promised)))}
    refusal = refused(lambda: found(late, proof_required=True))
    assert refusal.message == "the entry's integrated time is out of range"


def test_a_witness_beside_the_log_takes_nothing_from_its_checkpoint() -> None:
    witnessed = copy.deepcopy(ENTRY)
    checkpoint = ENTRY["inclusionProof"]["checkpoint"]["envelope"]
    signed = f"{checkpoint}\N{EM DASH} witness.example {b64(b'x' * 68)}\n"
    witnessed["inclusionProof"]["checkpoint"]["envelope"] = signed
    assert found(witnessed, proof_required=True) == AT


def test_an_entry_without_a_promise_has_no_time_of_its_log() -> None:
    bare = without("inclusionPromise")
    assert found(bare, proof_required=True) is None
