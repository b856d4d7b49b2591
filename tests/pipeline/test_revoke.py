"""The next list of ended passes, made from the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from gate.checks import CHECKS
from gate.errors import GateError, RegistryError, UsageError
from gate.keys.private import generate
from gate.keys.public import fingerprint, public_pem
from gate.lint.settings import check_rules
from gate.model.identity import CertificateIdentity, KeyIdentity
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.revocations import Ended, EndedBy, EndedDigest, EndedSigner, RevocationList
from gate.pipeline.revoke import Change, check_mirror, ended_signer, next_list
from gate.policy.document import Policy
from gate.policy.load import load_policy
from gate.predicates.revocations import MAX_ENTRIES, MAX_SERIAL
from gate.registry.route import RoutedRegistry
from tests.builders.reviews import NOW

DAY = timedelta(days=1)
NAME = "r.example/security/ended:production"
KEY, INLINE = generate().public_key(), generate().public_key()
ISSUER = "https://token.actions.githubusercontent.com"
WORKFLOW = "https://github.com/acme/shop/.github/workflows/release.yml@refs/"
TEXT = f"""\
version: 1
signers:
  gate: {{key: gate.pub}}
  inline:
    key: |
{"".join(f"      {line}" for line in public_pem(INLINE).decode().splitlines(keepends=True))}
  exact: {{issuer: "{ISSUER}", identity: "{WORKFLOW}heads/main"}}
  pattern: {{issuer: "{ISSUER}", identity: "{WORKFLOW}tags/*"}}
images:
  - match: ghcr.io/acme/**
    pass: {{by: [gate], verifier: "https://acme.example/gate", environment: production,
           policies: ["sha256:{"1" * 64}"], max-age: 24h, manifests: images}}
"""
LISTED = f'revocations: {{from: "{NAME}", by: [gate], max-age: 24h}}\n'


def load(text: str) -> Policy:
    return load_policy(
        text.encode(),
        "admit.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda _: public_pem(KEY),
    )


POLICY = load(TEXT + LISTED)
ONE, OTHER = (EndedDigest(EndedBy.IMAGE, Digest(c * 64)) for c in "ab")
BY_KEY = EndedSigner(KeyIdentity(fingerprint(KEY)))
BY_EXACT = EndedSigner(CertificateIdentity(f"{WORKFLOW}heads/main", ISSUER))


def after(
    before: RevocationList | None, *ended: Ended, undo: Sequence[str] = (), seen: int = 0
) -> RevocationList:
    change = Change(end=ended, undo=undo, reason="it leaked")
    return next_list(before, change, POLICY, now=NOW, lasts=DAY, seen=seen)


def code(call: Callable[[], object]) -> str:
    with pytest.raises(GateError) as refused:
        call()
    return refused.value.code


def test_the_first_list_has_the_name_that_the_policy_reads_and_ends_when_it_is_asked_to() -> None:
    made = after(None, ONE, OTHER, ONE)
    assert (made.name, made.serial, made.issued, made.expires) == (NAME, 1, NOW, NOW + DAY)
    assert [(r.ended, r.reason, r.at) for r in made.revocations] == [
        (ONE, "it leaked", NOW),
        (OTHER, "it leaked", NOW),
    ]


def test_what_is_on_the_list_keeps_its_line_and_its_place() -> None:
    first = after(None, ONE)
    before = replace(first, revocations=tuple(replace(r, at=NOW - DAY) for r in first.revocations))
    made = after(before, OTHER, ONE)
    assert [(r.ended, r.at) for r in made.revocations] == [(ONE, NOW - DAY), (OTHER, NOW)]


@pytest.mark.parametrize(("serial", "seen", "next_"), [(4, 0, 5), (4, 9, 10), (4, 3, 5)])
def test_the_serial_is_above_that_of_the_list_and_of_every_list_that_was_seen(
    serial: int, seen: int, next_: int
) -> None:
    assert after(replace(after(None), serial=serial), seen=seen).serial == next_
    assert after(None, seen=seen).serial == seen + 1


def test_a_list_that_would_be_too_long_to_be_read_is_refused() -> None:
    every = [EndedDigest(EndedBy.IMAGE, Digest(f"{n:064x}")) for n in range(MAX_ENTRIES)]
    full = after(None, *every)
    assert len(full.revocations) == MAX_ENTRIES
    assert code(lambda: after(full, ONE)) == "revoke-too-many"
    assert len(after(full, ONE, undo=[f"sha256:{0:064x}"]).revocations) == MAX_ENTRIES


def test_a_serial_that_no_reader_takes_is_refused() -> None:
    before = replace(after(None), serial=MAX_SERIAL - 1)
    assert after(before).serial == MAX_SERIAL
    assert code(lambda: after(after(before))) == "revoke-no-serial-left"
    assert code(lambda: after(None, seen=MAX_SERIAL)) == "revoke-no-serial-left"


def test_a_policy_that_names_no_list_has_none_to_write() -> None:
    change = Change(end=[ONE], reason="it leaked")
    none = load(TEXT)
    assert code(lambda: next_list(None, change, none, now=NOW, lasts=DAY)) == "revoke-without-list"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (str(ONE.digest), [BY_KEY, BY_EXACT]),
        ("gate", [ONE, BY_EXACT]),
        (str(fingerprint(KEY)), [ONE, BY_EXACT]),
        ("exact", [ONE, BY_KEY]),
    ],
    ids=["digest", "key", "fingerprint", "identity"],
)
def test_a_line_is_taken_back_by_its_digest_or_by_the_name_of_its_signer(
    text: str, left: list[Ended]
) -> None:
    before = after(None, ONE, BY_KEY, BY_EXACT)
    assert [r.ended for r in after(before, undo=[text]).revocations] == left


@pytest.mark.parametrize("text", ["nobody", "", str(OTHER.digest), "inline"])
def test_what_no_line_ends_cannot_be_taken_back(text: str) -> None:
    before = after(None, ONE, BY_KEY, BY_EXACT)
    assert code(lambda: after(before, undo=[text])) == "revoke-nothing-to-undo"
    twice = [str(ONE.digest)] * 2
    assert code(lambda: after(before, undo=twice)) == "revoke-nothing-to-undo"


@pytest.mark.parametrize("since", [None, NOW])
def test_a_signer_of_the_policy_is_ended_by_its_key_or_its_identity(since: datetime | None) -> None:
    assert ended_signer("gate", POLICY, since) == replace(BY_KEY, since=since)
    assert ended_signer("exact", POLICY, since) == replace(BY_EXACT, since=since)
    inline = EndedSigner(KeyIdentity(fingerprint(INLINE)), since)
    assert ended_signer("inline", POLICY, since) == inline


def test_a_signer_that_is_not_there_or_is_a_pattern_cannot_be_ended() -> None:
    assert code(lambda: ended_signer("pattern", POLICY, None)) == "revoke-signer-pattern"
    with pytest.raises(UsageError) as refused:
        ended_signer("ci", POLICY, None)
    assert (refused.value.code, refused.value.problem) == (
        "revoke-unknown-signer",
        "the policy has no signer 'ci', only exact, gate, inline, pattern",
    )


def test_a_policy_without_a_signer_says_so() -> None:
    bare = load('version: 1\nimages: [{match: "**", digest: required}]\n')
    with pytest.raises(UsageError) as refused:
        ended_signer("ci", bare, None)
    assert refused.value.problem == "the policy has no signer 'ci', only nobody"


@dataclass
class Mirrored:
    """A registry that is read by way of a mirror, and holds a list or none."""

    held: Digest | None
    mirrors: dict[str, str]

    @property
    def client(self) -> SimpleNamespace:
        return SimpleNamespace(configuration=SimpleNamespace(mirrors=self.mirrors))

    def own_repository(self, place: ImageReference) -> SimpleNamespace:
        def tagged(tag: str) -> ResolvedImage | None:
            assert tag == "production"
            return ResolvedImage(place, self.held) if self.held else None

        return SimpleNamespace(tagged=tagged)


@pytest.mark.parametrize("read", [None, ONE.digest])
@pytest.mark.parametrize("held", [None, ONE.digest, OTHER.digest])
def test_a_list_is_continued_by_a_mirror_only_if_the_registry_holds_the_same(
    read: Digest | None, held: Digest | None
) -> None:
    place = ImageReference.parse(NAME)
    by_mirror = cast("RoutedRegistry", Mirrored(held, {"r.example": "m.example"}))
    if read == held:
        check_mirror(place, by_mirror, read)
        return
    with pytest.raises(RegistryError) as refused:
        check_mirror(place, by_mirror, read)
    assert refused.value.code == "revoke-mirror-differs"
    check_mirror(place, cast("RoutedRegistry", Mirrored(held, {"other": "m.example"})), read)
