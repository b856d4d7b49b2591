"""From a policy to its verifier: keys, roots, and what is wrong with them."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from typing import Any, Final

import pytest

from gate.errors import PolicyError, TrustRootError
from gate.keys.public import public_pem
from gate.model.evidence import VerifiedAttestation
from gate.model.image import Digest
from gate.policy.document import Policy
from gate.policy.roots import RootSource
from gate.trust.embedded import EMBEDDED_AT
from gate.trust.policy import MAX_EMBEDDED_AGE, verifier_of
from gate.trust.signer import TrustedIdentity, TrustedKey
from gate.trust.trusted_root import parse_trusted_root
from tests.builders.sections import read_signer
from tests.fakes.sigstore import GITHUB, WORKFLOW, new_key
from tests.trust import given
from tests.trust.given import AT, IMAGE, NOW, attached

KEYLESS: Final = {"issuer": GITHUB, "identity": WORKFLOW}
ROOT: Final = json.dumps(given.root_document()).encode()
PINNED: Final = {"file": "root.json", "sha256": hashlib.sha256(ROOT).hexdigest()}


def _policy(signers: dict[str, Any], roots: dict[str, Any] | None = None, **files: bytes) -> Policy:
    return Policy(
        path=".gate.yaml",
        digest=Digest("00" * 32),
        signers={name: read_signer(value) for name, value in signers.items()},
        roots={name: RootSource.model_validate(v) for name, v in (roots or {}).items()},
        images=(),
        files={name.replace("_", "."): data for name, data in files.items()},
    )


def test_a_policy_with_its_own_root_verifies_what_was_signed_under_it() -> None:
    key = new_key()
    policy = _policy(
        {
            "ci": {**KEYLESS, "root": "own", "source-repository": "https://github.com/acme/shop"},
            "scanner": {"key": "scanner.pub", "root": "own"},
            "inline": {"key": public_pem(key.public_key()).decode(), "root": "own"},
        },
        {"own": PINNED},
        root_json=ROOT,
        scanner_pub=public_pem(key.public_key()),
    )
    verifier = verifier_of(policy, NOW, None)
    repository = {12: "https://github.com/acme/shop"}
    keyless = given.sigstore().keyless_bundle(given.statement(), at=AT, extensions=repository)
    keyed = given.sigstore().keyed_bundle(given.statement(), key, at=AT)
    said = [verifier.verify(attached(bundle), IMAGE) for bundle in (keyless, keyed)]
    assert [s.signers for s in said if isinstance(s, VerifiedAttestation)] == [
        ("ci",),
        ("inline", "scanner"),
    ]


def test_everything_that_a_policy_demands_reaches_the_verifier() -> None:
    policy = _policy(
        {
            "ci": {
                **KEYLESS,
                "repository-id": "1",
                "owner-id": "2",
                "ref": "refs/tags/*",
                "trigger": ["push", "release"],
                "runner-environment": "github-hosted",
                "visibility": "public",
                "log": "optional",
                "timestamp": "required",
            },
            "key": {"key": "k.pub", "log": "required"},
        },
        k_pub=public_pem(new_key().public_key()),
    )
    signer, key = verifier_of(policy, NOW, None).signers
    assert isinstance(signer, TrustedIdentity)
    assert signer.source_repository == "https://github.com/acme/ci"
    assert (signer.repository_id, signer.owner_id, signer.ref) == ("1", "2", "refs/tags/*")
    assert signer.triggers == ("push", "release")
    assert (signer.runner_environment, signer.visibility) == ("github-hosted", "public")
    assert (signer.log_required, signer.timestamp_required) == (False, True)
    assert isinstance(key, TrustedKey)
    assert (key.log_required, key.timestamp_required) == (True, False)


def test_a_key_that_does_not_parse_is_the_policys_error() -> None:
    with pytest.raises(PolicyError, match="'key' cannot be used") as error:
        verifier_of(_policy({"key": {"key": "k.pub"}}, k_pub=b"no key"), NOW, None)
    assert error.value.code == "policy-key-malformed"


def test_a_root_that_nobody_defines_is_the_policys_error() -> None:
    with pytest.raises(PolicyError, match="'own'") as error:
        verifier_of(_policy({"ci": {**KEYLESS, "root": "own"}}), NOW, None)
    assert error.value.code == "policy-root-unknown"


@pytest.mark.parametrize("root", [b"", b"[]", b"{}", b'{"mediaType":"text/plain"}', b"\xff"])
def test_a_root_that_does_not_parse_is_the_policys_error(root: bytes) -> None:
    pinned = {"file": "root.json", "sha256": hashlib.sha256(root).hexdigest()}
    with pytest.raises(PolicyError) as error:
        verifier_of(
            _policy({"ci": {**KEYLESS, "root": "x"}}, {"x": pinned}, root_json=root), NOW, None
        )
    assert error.value.code == "policy-root-malformed"


def test_r101_a_root_file_that_changed_is_refused() -> None:
    policy = _policy({"ci": {**KEYLESS, "root": "own"}}, {"own": PINNED}, root_json=ROOT + b" ")
    with pytest.raises(TrustRootError, match="pins") as error:
        verifier_of(policy, NOW, None)
    assert error.value.code == "trust-root-digest"


def test_r102_the_embedded_root_is_believed_for_a_year() -> None:
    policy = _policy({"ci": KEYLESS})
    assert verifier_of(policy, EMBEDDED_AT + MAX_EMBEDDED_AGE, None).signers
    with pytest.raises(TrustRootError, match="update gate|in this release") as error:
        verifier_of(policy, EMBEDDED_AT + MAX_EMBEDDED_AGE + timedelta(seconds=1), None)
    assert error.value.code == "trust-root-too-old"


def test_a_root_of_ones_own_is_believed_when_the_embedded_one_is_too_old() -> None:
    late = EMBEDDED_AT + 2 * MAX_EMBEDDED_AGE
    policy = _policy({"ci": {**KEYLESS, "root": "own"}}, {"own": PINNED}, root_json=ROOT)
    assert [signer.name for signer in verifier_of(policy, late, None).signers] == ["ci"]


def test_an_identity_needs_a_fresh_root_also_where_nothing_has_to_be_logged() -> None:
    unlogged = {**KEYLESS, "log": "optional", "timestamp": "optional"}
    with pytest.raises(TrustRootError) as error:
        verifier_of(_policy({"ci": unlogged}), EMBEDDED_AT + 2 * MAX_EMBEDDED_AGE, None)
    assert error.value.code == "trust-root-too-old"


def test_a_root_of_a_repository_is_what_that_has_and_not_the_file_that_starts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def fetch(url: str, first: bytes, ca_file: object) -> bytes:
        asked.append((url, first, ca_file))
        return ROOT

    monkeypatch.setattr("gate.trust.refresh.fetch_trusted_root", fetch)
    source = {
        "tuf": "https://tuf.example",
        "root": "1.root.json",
        "sha256": hashlib.sha256(b"first").hexdigest(),
    }
    signers = {"ci": {**KEYLESS, "root": "own"}}
    (signer,) = verifier_of(
        _policy(signers, {"own": source}, **{"1_root_json": b"first"}), NOW, None
    ).signers
    assert asked == [("https://tuf.example", b"first", None)]
    assert signer.root.logs == given.ROOT.logs


def test_a_pinned_key_alone_needs_no_fresh_root() -> None:
    key = public_pem(new_key().public_key())
    late = EMBEDDED_AT + 2 * MAX_EMBEDDED_AGE
    assert verifier_of(_policy({"key": {"key": "k.pub"}}, k_pub=key), late, None).signers
    logged = {"key": {"key": "k.pub", "log": "required"}}
    with pytest.raises(TrustRootError):
        verifier_of(_policy(logged, k_pub=key), late, None)


def test_r105_a_key_that_gate_cannot_use_is_left_out_and_the_others_work() -> None:
    document = given.root_document()
    strange = json.loads(json.dumps(document["tlogs"][0]))
    strange["publicKey"]["rawBytes"] = "AAAA"
    document["tlogs"].insert(0, strange)
    document["certificateAuthorities"].insert(0, {"certChain": {}})
    root = parse_trusted_root(json.dumps(document).encode())
    assert [skipped.split(":")[0] for skipped in root.skipped] == [
        "certificateAuthorities[0]",
        "tlogs[0]",
    ]
    bundle = given.sigstore().keyless_bundle(given.statement(), at=AT)
    assert given.judged(bundle, given.identity(root=root)).accepted.signers == ("ci",)


def test_r104_a_leaf_is_no_trust_anchor() -> None:
    document = given.root_document()
    chain = document["certificateAuthorities"][0]["certChain"]["certificates"]
    leaf = json.loads(given.sigstore().keyless_bundle(given.statement(), at=AT))
    chain.insert(0, leaf["verificationMaterial"]["certificate"])
    root = parse_trusted_root(json.dumps(document).encode())
    assert root.certificate_authorities == ()
    assert "no authority" in root.skipped[0]


def test_r100_a_timestamp_authority_that_may_do_more_is_left_out() -> None:
    document = given.root_document()
    issuing = document["certificateAuthorities"][0]["certChain"]
    document["timestampAuthorities"].insert(0, {"certChain": issuing, "uri": "https://t.example"})
    root = parse_trusted_root(json.dumps(document).encode())
    assert [authority.name for authority in root.timestamp_authorities] == [
        given.ROOT.timestamp_authorities[0].name
    ]
    assert root.skipped == (
        "timestampAuthorities[0]: its first certificate is not one for time stamping alone",
    )


def test_a_root_whose_chain_does_not_hold_together_is_left_out() -> None:
    document = given.root_document()
    stranger = replace(given.root(), skipped=())
    assert stranger.certificate_authorities
    authority, tsa = document["certificateAuthorities"][0], document["timestampAuthorities"][0]
    authority["certChain"]["certificates"][1] = tsa["certChain"]["certificates"][1]
    root = parse_trusted_root(json.dumps(document).encode())
    assert root.certificate_authorities == ()
    assert "certificateAuthorities[0]" in root.skipped[0]


def test_a_window_without_a_start_never_holds() -> None:
    document = given.root_document()
    for log in document["tlogs"]:
        del log["publicKey"]["validFor"]
    root = parse_trusted_root(json.dumps(document).encode())
    bundle = given.sigstore().keyless_bundle(given.statement(), at=AT)
    assert given.judged(bundle, given.identity(root=root)).code.value == "outside-validity"


def test_a_verifier_names_each_root_that_its_signers_are_held_against_once() -> None:
    pinned = {**KEYLESS, "root": "own"}
    policy = _policy(
        {"a": KEYLESS, "b": pinned, "c": pinned}, {"own": PINNED}, **{"root.json": ROOT}
    )
    embedded = resources.files("gate.trust").joinpath("roots", "public-good.json").read_bytes()
    assert verifier_of(policy, NOW, None).roots == tuple(
        sorted((Digest.of(ROOT), Digest.of(embedded)))
    )
    assert verifier_of(_policy({}), NOW, None).roots == ()


def test_a_timestamp_authority_without_an_address_is_named_by_its_certificate() -> None:
    document = given.root_document()
    authority = document["timestampAuthorities"][0]
    del authority["uri"]
    leaf = base64.b64decode(authority["certChain"]["certificates"][0]["rawBytes"])
    root = parse_trusted_root(json.dumps(document).encode())
    assert [one.name for one in root.timestamp_authorities] == [
        f"sha256:{hashlib.sha256(leaf).hexdigest()}"
    ]
