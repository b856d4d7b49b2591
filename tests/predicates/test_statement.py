"""Statements of in-toto, and cosign's simple signing: which digests they name."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.predicates.image_signature import MAX_BYTES, parse, parse_simple_signing
from gate.predicates.statement import MAX_SUBJECTS, Statement, parse_statement, statement_about

ONE: Final = "1" * 64
GOOD: Final[dict[str, Any]] = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "shop", "digest": {"sha256": ONE}}],
    "predicateType": "https://acme.example/notes/v1",
    "predicate": {"a": 1},
}
CLAIM: Final = "cosign container image signature"
SIGNED: Final[dict[str, Any]] = {
    "critical": {
        "type": CLAIM,
        "image": {"docker-manifest-digest": f"sha256:{ONE}"},
        "identity": {"docker-reference": "ghcr.io/acme/other"},
    },
    "optional": None,
}

NO_SUBJECTS: Final[list[object]] = [
    *(..., None, [], {}, "x"),
    [{"digest": {}}] * (MAX_SUBJECTS + 1),
]


def read(**changed: object) -> Statement:
    said = {k: v for k, v in {**GOOD, **changed}.items() if v is not ...}
    return parse_statement(json.dumps(said).encode())


@pytest.mark.parametrize("version", ["v1", "v0.1"])
def test_a_statement_names_digests_and_says_something_of_them(version: str) -> None:
    statement = read(_type=f"https://in-toto.io/Statement/{version}")
    assert statement == Statement(
        frozenset((Digest(ONE),)), "https://acme.example/notes/v1", {"a": 1}
    )
    assert read(predicate=...).predicate is None


def test_a_subject_without_a_sha_256_names_nothing_and_the_others_count() -> None:
    others = [{"sha1": ONE}, {"sha256": ONE.upper()}, {"sha256": "1" * 63}, {"sha256": "A" * 64}]
    subjects = [{"digest": digest} for digest in [*others, {"sha256": ONE}, {"sha256": 1}]]
    assert read(subject=subjects).subjects == frozenset((Digest(ONE),))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"_type": ...}, "the statement's _type is missing or not text"),
        (
            {"_type": "https://in-toto.io/Statement/v2"},
            "the statement's _type is 'https://in-toto.io/Statement/v2', and v1 and v0.1 are read",
        ),
        *(
            ({"subject": bad}, f"the statement has not a list of 1 to {MAX_SUBJECTS} subjects")
            for bad in NO_SUBJECTS
        ),
        ({"subject": ["x"]}, "a subject is not an object"),
        ({"subject": [{}]}, "a subject's digest is not an object"),
        ({"subject": [{"digest": "x"}]}, "a subject's digest is not an object"),
        *(
            (
                {"subject": [{"digest": digest}]},
                "no subject of the statement has a sha256 digest of 64 lowercase digits",
            )
            for digest in ({}, {"sha256": "A" * 64}, {"sha256": f"sha256:{ONE}"}, {"sha512": ONE})
        ),
        ({"predicateType": ...}, "the statement's predicateType is missing or not text"),
        ({"predicateType": 1}, "the statement's predicateType is missing or not text"),
    ],
)
def test_what_is_no_statement_is_refused_with_its_reason(
    changed: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # its text is what is compared
        read(**changed)
    assert str(refused.value) == problem


def test_as_many_subjects_as_are_allowed_are_read() -> None:
    assert read(subject=GOOD["subject"] * MAX_SUBJECTS).subjects == {Digest(ONE)}


def test_a_statement_about_an_image_names_its_digest_in_version_1() -> None:
    image = ResolvedImage(ImageReference.parse("e.org/a:1"), Digest(ONE))
    made = statement_about(image, "https://acme.example/notes/v1", {"b": [1], "a": "é"})
    assert made.decode() == (
        '{"_type":"https://in-toto.io/Statement/v1","predicate":{"a":"é","b":[1]},'
        '"predicateType":"https://acme.example/notes/v1",'
        f'"subject":[{{"digest":{{"sha256":"{ONE}"}},"name":"e.org/a"}}]}}'
    )


@pytest.mark.parametrize("payload", [b"[]", b"x", b'"x"'])
def test_what_is_no_object_is_no_statement(payload: bytes) -> None:
    with pytest.raises(ValueError, match="is not an object|JSON"):
        parse_statement(payload)


def signed(**changed: object) -> Digest:
    critical = {k: v for k, v in {**SIGNED["critical"], **changed}.items() if v is not ...}
    return parse_simple_signing(json.dumps({**SIGNED, "critical": critical}).encode())


def test_a_simple_signature_is_about_the_digest_that_it_names() -> None:
    assert signed() == Digest(ONE)
    assert signed(identity=...) == Digest(ONE)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"type": ...}, "the payload's type is missing or not text"),
        (
            {"type": "atomic container signature"},
            f"the payload's type is 'atomic container signature', and not {CLAIM!r}",
        ),
        ({"image": ...}, "the payload's image is not an object"),
        ({"image": {}}, "the payload's digest is missing or not text"),
        (
            {"image": {"docker-manifest-digest": ONE}},
            f"unsupported digest algorithm: '{ONE}'",
        ),
        ({"image": {"docker-manifest-digest": "sha256:1"}}, "not a sha256 digest: '1'"),
    ],
)
def test_what_is_no_simple_signature_is_refused_with_its_reason(
    changed: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # its text is what is compared
        signed(**changed)
    assert str(refused.value) == problem


@pytest.mark.parametrize("payload", [b"[]", b"{}", b'{"critical": []}'])
def test_a_payload_without_its_critical_part_is_no_simple_signature(payload: bytes) -> None:
    with pytest.raises(ValueError, match="^the payload(?:'s critical part)? is not an object$"):
        parse_simple_signing(payload)


def test_a_simple_signature_has_a_megabyte_at_most() -> None:
    text = json.dumps(SIGNED).encode()
    assert parse_simple_signing(text.ljust(MAX_BYTES)) == Digest(ONE)
    with pytest.raises(ValueError, match=str(MAX_BYTES)):
        parse_simple_signing(text.ljust(MAX_BYTES + 1))


def test_cosigns_statement_of_a_signature_may_say_anything_in_an_object_or_nothing() -> None:
    assert parse(None) == parse({}) == parse({"a": 1})
    with pytest.raises(ValueError, match="^the predicate is not an object$"):
        parse([])
