"""No bytes make anything escape from the verifier but a refusal, and none are believed."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model.evidence import Attached, AttachedKind, Rejection, Storage
from gate.trust.merkle import leaf_hash, root_of
from gate.trust.refusal import Refusal
from gate.trust.trusted_root import parse_trusted_root
from gate.trust.verify import AttachedVerifier
from tests.fakes.sigstore import new_key
from tests.fakes.sigstore.merkle import Tree
from tests.trust import given as trust

KEY: Final = new_key()
VERIFIER: Final = AttachedVerifier((trust.identity(), trust.key(KEY.public_key())), trust.NOW)
BUNDLE: Final = trust.sigstore().keyless_bundle(
    trust.statement(), at=trust.AT, rekor=2, extensions={12: "https://github.com/acme/ci"}
)
ROOT: Final = json.dumps(trust.root_document()).encode()
ANNOTATIONS: Final = (
    "dev.cosignproject.cosign/signature",
    "dev.sigstore.cosign/certificate",
    "dev.sigstore.cosign/bundle",
    "dev.sigstore.cosign/rfc3161timestamp",
)
SCALARS: Final = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANY_JSON: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def _refused(found: Attached) -> None:
    with pytest.raises(Refusal):
        VERIFIER.judge(found, trust.IMAGE)
    assert isinstance(VERIFIER.verify(found, trust.IMAGE), Rejection)


def _attached(kind: AttachedKind, content: bytes, annotations: dict[str, str]) -> Attached:
    return Attached(kind, content, Storage.FILE, trust.DIGEST, annotations)


@given(
    st.sampled_from(AttachedKind),
    st.binary(max_size=200) | ANY_JSON.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.sampled_from(ANNOTATIONS), st.text(max_size=50), max_size=4),
)
def test_r110_arbitrary_bytes_are_refused(
    kind: AttachedKind, content: bytes, annotations: dict[str, str]
) -> None:
    _refused(_attached(kind, content, annotations))


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401  # any JSON
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        place
        for key, part in parts
        for place in [
            (*path, key),
            *(_places(part, (*path, key)) if isinstance(part, dict | list) else []),
        ]
    ]


PLACES: Final = _places(json.loads(BUNDLE))


@given(st.sampled_from(PLACES), ANY_JSON)
def test_any_value_in_any_place_of_a_bundle_makes_nothing_but_a_refusal_escape(
    place: tuple[Any, ...], value: object
) -> None:
    found = trust.attached(trust.changed(BUNDLE, *place, to=value))
    try:
        VERIFIER.judge(found, trust.IMAGE)
    except Refusal:
        assert isinstance(VERIFIER.verify(found, trust.IMAGE), Rejection)
    else:
        # Absent, and null, mean the same: what is left must be what nobody signs.
        assert place[-1] in {"logIndex", "integratedTime", "keyid"}


@given(st.integers(0, len(BUNDLE) - 1), st.integers(0, 255))
def test_any_byte_changed_in_a_bundle_makes_nothing_but_a_refusal_escape(at: int, to: int) -> None:
    content = bytearray(BUNDLE)
    content[at] = to
    try:
        judged = VERIFIER.judge(trust.attached(bytes(content)), trust.IMAGE)
    except Refusal:
        return
    assert judged.signers == ("ci",)
    assert judged.subject == trust.DIGEST


@given(st.integers(0, len(ROOT) - 1), st.binary(max_size=3))
def test_any_change_of_a_root_gives_a_root_or_a_refusal(at: int, to: bytes) -> None:
    try:
        root = parse_trusted_root(ROOT[:at] + to + ROOT[at + 1 :])
    except Refusal:
        return
    assert len(root.certificate_authorities) <= 1


@given(st.integers(1, 40), st.data())
def test_an_inclusion_proof_leads_to_the_root_from_its_own_leaf_only(
    size: int, data: st.DataObject
) -> None:
    tree = Tree()
    proofs = [tree.append(b"leaf %d" % number) for number in range(size)]
    last = proofs[-1]
    leaf = leaf_hash(b"leaf %d" % (size - 1))
    assert root_of(leaf, last.index, last.size, last.path) == last.root
    other = data.draw(st.integers(0, last.size).filter(lambda index: index != last.index))
    try:
        found = root_of(leaf, other, last.size, last.path)
    except Refusal:
        return
    assert found != last.root
