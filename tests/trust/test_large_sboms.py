"""A large SBOM that is stored in two forms is read once, and each form is judged by itself."""

from __future__ import annotations

import base64
import gc
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.predicates import Sbom
from gate.predicates.statement import Statement, parse_statement
from gate.trust import about, proto_json
from gate.trust.about import stated
from gate.trust.large_sboms import LARGE, LargeSboms, ReadSbom
from gate.trust.proto_json import decode_base64
from gate.trust.refusal import Reason, Refusal

IMAGE, OTHER = (
    ResolvedImage(ImageReference.parse("ghcr.io/acme/shop:1"), Digest(c * 64)) for c in "ab"
)


def payload(size: int) -> bytes:
    """Return a statement with an SBOM about IMAGE, of at least so many bytes."""
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}
    return json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "shop", "digest": {"sha256": IMAGE.digest.hex}}],
            "predicateType": "https://cyclonedx.org/bom",
            "predicate": {**document, "metadata": {"authors": [{"name": "x" * size}]}},
        }
    ).encode()


def attached(image: ResolvedImage = IMAGE) -> Attached:
    return Attached(AttachedKind.BUNDLE, b"", Storage.REFERRERS, image.digest)


def watched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by each statement whose JSON is read; none is known before."""
    monkeypatch.setattr(about, "_LARGE_SBOMS", LargeSboms())
    read: list[int] = []

    def parse(payload: bytes) -> Statement:
        read.append(len(payload))
        return parse_statement(payload)

    monkeypatch.setattr(about, "parse_statement", parse)
    return read


def test_the_second_form_of_a_large_statement_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = watched(monkeypatch)
    large = payload(LARGE)
    first, second = (stated(large, attached(), IMAGE) for _ in range(2))
    assert first == second
    assert read == [len(large)]
    other = payload(LARGE + 1)
    stated(other, attached(), IMAGE)
    assert read == [len(large), len(other)]


def test_one_of_just_the_least_size_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    read = watched(monkeypatch)
    least = payload(LARGE - len(payload(0)))
    kept = [stated(least, attached(), IMAGE) for _ in range(2)]
    assert kept[0] == kept[1]
    assert read == [LARGE]


def test_a_large_statement_of_another_kind_is_read_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = watched(monkeypatch)
    large = json.dumps({**json.loads(payload(LARGE)), "predicateType": "https://a.example"})
    said = [stated(large.encode(), attached(), IMAGE) for _ in range(2)]
    assert said[0] == said[1]
    assert read == [len(large)] * 2


def test_a_small_one_is_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    read = watched(monkeypatch)
    kept = [stated(payload(1), attached(), IMAGE) for _ in range(2)]
    assert (len(read), kept[0]) == (2, kept[1])


def test_what_is_known_already_is_about_another_image_all_the_same() -> None:
    kept = stated(payload(LARGE), attached(), IMAGE)
    assert kept.digest == IMAGE.digest
    with pytest.raises(Refusal) as refused:
        stated(payload(LARGE), attached(OTHER), OTHER)
    assert refused.value.reason is Reason.SUBJECT_MISMATCH


def test_one_that_nobody_holds_is_forgotten() -> None:
    known = LargeSboms()
    sbom = Sbom(format="cyclonedx", version="1.6", components=0)
    known.keep(IMAGE.digest, ReadSbom(frozenset(), "t", sbom))
    assert known.find(IMAGE.digest) is not None
    del sbom
    gc.collect()
    assert known.find(IMAGE.digest) is None


@given(data=st.binary(min_size=1, max_size=40))
def test_base64_is_read_as_it_is_written_and_in_no_other_form(data: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proto_json, "_GROUPS", 3)
        text = base64.b64encode(data).decode()
        assert decode_base64(text, "it") == data
        wrong = {
            text + "=",
            text + "A",
            text[:-1],
            "=" + text,
            text + "\n",
            text[:3] + " " + text[3:],
        }
        wrong |= {text.rstrip("=")} - {text}
        for one in wrong:
            with pytest.raises(Refusal):
                decode_base64(one, "it")


@pytest.mark.parametrize("text", ["QQ==QQ==", "QR==", "QUJ=", "QQ==\n", "Q Q==", "QQ-_", "é", ""])
def test_base64_that_only_some_readers_take_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        decode_base64(text, "it")
    assert refused.value.reason is Reason.MALFORMED


def sbom() -> Sbom:
    return Sbom(format="cyclonedx", version="1.6", components=0)


def test_so_many_are_known_as_are_kept_and_one_that_is_let_go_makes_room() -> None:
    known, held = LargeSboms(), [sbom() for _ in range(66)]
    digests = [Digest(f"{number:064x}") for number in range(66)]
    for digest, one in zip(digests[:65], held[:65], strict=True):
        known.keep(digest, ReadSbom(frozenset(), "t", one))
    assert [known.find(digest) is not None for digest in digests[:65]] == [True] * 64 + [False]

    held[0] = held[65]
    gc.collect()
    known.keep(digests[65], ReadSbom(frozenset(), "t", held[65]))

    assert [digest for digest in digests if known.find(digest) is None] == [digests[0], digests[64]]


def test_base64_with_something_between_its_characters_is_told_as_no_base64() -> None:
    with pytest.raises(Refusal) as refused:
        decode_base64("QUJ DRA==", "it")
    assert refused.value.message == "it is not standard base64"
