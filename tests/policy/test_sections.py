"""How a section of a policy is read: as pydantic reads a model of the same fields."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from pydantic_core import SchemaValidator, ValidationError

from gate.checks import CHECKS
from gate.explain.models import model_of
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.policy.document import EntryName, PolicyFile
from gate.policy.managed import ManagedField
from gate.policy.manifests import ImageField, ManifestsSection
from gate.policy.schemas import schema_of, section_schema
from gate.policy.section import Section
from gate.policy.signers import KeylessSigner, KeySigner
from gate.policy.waivers import Waiver
from gate.registry.registries_file import RegistriesFile

GOOD: Final[dict[type[Section], dict[str, Any]]] = {
    **{CHECKS[name].params: {"by": ["ci"]} for name in ("signature", "sbom")},
    CHECKS["scan-age"].params: {"by": ["ci"], "max-age": "7d"},
    CHECKS["vulnerabilities"].params: {"by": ["ci"], "fail-on": "high"},
    CHECKS["provenance"].params: {"by": ["ci"], "builder": "https://a.example/b"},
    CHECKS["layout"].params: {
        "by": ["ci"], "keys": [public_pem(generate().public_key()).decode()],
    },
    CHECKS["pass"].params: {
        "by": ["ci"], "verifier": "https://a.example", "environment": "x", "max-age": "7d",
        "policies": [f"sha256:{'a' * 64}"], "manifests": "exact",
    },
    CHECKS["configuration"].params: {"user": "not-root"},
    PolicyFile: {"version": 1, "images": [{"match": "**"}]},
    EntryName: {"match": "**"},
    KeySigner: {"key": "ci.pub"},
    KeylessSigner: {"issuer": "https://i.example", "identity": "https://a.example/b"},
    Waiver: {
        "check": "sbom", "finding": "x", "image": "ghcr.io/acme/shop", "owner": "a", "reason": "b",
        "expires": "2026-12-31",
    },
    ManifestsSection: {},
    ImageField: {"kind": "X", "path": "spec.x"},
    ManagedField: {"kind": "X", "path": "spec.x"},
    RegistriesFile: {"private": ["ghcr.io"]},
}  # fmt: skip
"""Of each section a document that is read."""
ODD: Final[tuple[object, ...]] = (
    *(None, True, 0, 1, -1, 2**70, 1.5, "", " ", "x", "7d", "1.34", "gate", "required", "public"),
    *("https://a.example/b@refs/heads/c", "ghcr.io/acme", "x" * 5000, "2026-12-31", "a\nb"),
    *([], [1], [None], ["x"], ["x", "x"], ["ci"], [["x"]], ["ghcr.io/acme"], ["x"] * 1001),
    *({}, {"x": 1}, {"x": None}, {1: "x"}, {"a": {"key": "ci.pub"}}, {"a": {"issuer": "i"}}),
    *({"by": ["ci"]}, {"environment": "a", "valid-for": "7d", "sign": {}}, {"allow": ["x", 1]}),
    *([{"kind": "X"}], [{"match": "**"}], [{"check": "sbom", "expires": "soon"}], {"keyless": 1}),
)
"""What a policy may have in any place, most of it wrong there."""
CONTEXT: Final = {
    "signers": frozenset({"ci"}),
    "literal": frozenset({"ci"}),
    "read": lambda _: b"not a layout",
}


def tried(section: type[Section], good: dict[str, Any]) -> Iterator[object]:
    """Yield documents: each key with each odd value, two keys at once, and no keys."""
    keys = [field.alias for field in section.fields().values()]
    yield from (good, *ODD)
    for key, value in itertools.product(keys, ODD):
        yield {**good, key: value}
    for name in {"more", *section.fields()}.difference(keys):
        yield {**good, name: good.get("by")}
    for number, (one, two) in enumerate(itertools.combinations(keys, 2)):
        yield {two: ODD[number * 7 % len(ODD)], one: ODD[number % len(ODD)]}
    for value in ODD:
        yield {"more": value, **dict.fromkeys(keys, value)}


Told = list[tuple[object, ...]]


def told(error: ValidationError) -> Told:
    return [(e["type"], e["loc"], e["msg"]) for e in error.errors(include_url=False)]


def read(section: type[Section], value: object) -> tuple[Told, Mapping[str, Any] | None]:
    try:
        return [], vars(section.model_validate(value, context=CONTEXT))
    except ValidationError as error:
        return told(error), None


def read_by_model(section: type[Section], value: object) -> tuple[Told, Mapping[str, Any] | None]:
    try:
        made = model_of(section).model_validate(value, context=CONTEXT)
    except ValidationError as error:
        return told(error), None
    return [], vars(made)


def plain(value: object) -> object:
    """Return a value with mappings in place of sections and of models."""
    if isinstance(value, Section):
        return plain(vars(value))
    if hasattr(value, "model_copy"):
        return plain(vars(value))
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


@pytest.mark.parametrize("section", GOOD, ids=lambda section: section.__name__)
def test_a_section_refuses_what_a_model_of_pydantic_refuses_and_reads_the_same(
    section: type[Section],
) -> None:
    refused = accepted = 0
    for value in tried(section, GOOD[section]):
        problems, found = read(section, value)
        expected, wanted = read_by_model(section, value)
        # Models do not ask whether fields go together.
        apart = [one for one in problems if one not in expected and one[0] == "value_error"]
        assert [one for one in problems if one not in apart] == expected, value
        assert apart or plain(found) == plain(wanted), value
        refused += found is None
        accepted += found is not None
    assert refused > len(ODD)
    assert accepted > 1


def test_each_section_of_a_policy_and_of_a_check_is_tried() -> None:
    checks = {check.params for check in CHECKS.values() if check.params.word is None}
    assert checks < GOOD.keys()
    assert {PolicyFile, EntryName, RegistriesFile} < GOOD.keys()


def test_what_a_section_says_never_changes() -> None:
    section = ManifestsSection(off=("a",))
    with pytest.raises(AttributeError, match=r"ManifestsSection.off never changes"):
        section.off = None  # type: ignore[misc]  # what a type checker refuses too
    assert section.off == ("a",)


def test_sections_are_equal_where_they_say_the_same() -> None:
    signer = KeySigner(key="ci.pub")
    assert signer == KeySigner.model_validate({"key": "ci.pub", "log": "optional"})
    assert signer != KeySigner(key="other.pub")
    assert signer != KeySigner(key="ci.pub").key
    assert len({signer, KeySigner(key="ci.pub"), KeySigner(key="other.pub")}) == 2
    assert repr(signer).startswith("KeySigner(key='ci.pub', root='public-good', log=")
    assert (signer.model_fields_set, signer.files()) == ({"key"}, ("ci.pub",))


def test_a_key_whose_type_was_not_looked_at_is_refused() -> None:
    read = SchemaValidator(section_schema(ImageField, {"kind", "path"}))
    assert read.validate_python({"kind": "X", "path": "spec.x"}).tag is None
    with pytest.raises(ValidationError, match="tag"):
        read.validate_python({"kind": "X", "path": "spec.x", "tag": "spec.y"})


def test_a_type_that_no_policy_has_is_refused_where_the_section_is_read() -> None:
    with pytest.raises(TypeError, match="no field of a policy has the type"):
        schema_of(set[str])
    assert schema_of(dict[str, str])["type"] == "dict"
