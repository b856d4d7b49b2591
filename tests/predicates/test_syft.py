"""Syft's own JSON: what is read of it, and what is no document of Syft."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gate.model.image import Digest
from gate.model.predicates import Package, Sbom, Unreadable
from gate.predicates import parse

TYPE: Final = "https://syft.dev/bom"
ONE, TWO = "1" * 64, "2" * 64
WHOLE: Final[dict[str, Any]] = {
    "schema": {"version": "16.0.0"},
    "descriptor": {"name": "syft", "version": "1.18"},
    "source": {
        "target": {
            "manifestDigest": f"sha256:{ONE}",
            "repoDigests": [f"e.org/a@sha256:{TWO}", "x"],
        },
    },
    "artifacts": [{"name": "a", "version": "1", "purl": "pkg:npm/a@1", "licenses": ["MIT"]}],
    "artifactRelationships": [{}, {}],
}


def read(**changed: object) -> Sbom:
    found = parse(TYPE, {k: v for k, v in {**WHOLE, **changed}.items() if v is not ...})
    assert isinstance(found, Sbom)
    return found


def test_a_document_of_syft_is_read() -> None:
    assert read() == Sbom(
        format="syft",
        version="16.0.0",
        components=1,
        tools=("syft 1.18",),
        packages=(
            Package(name="a", version="1", purl="pkg:npm/a@1", licenses=("MIT",), identified=True),
        ),
        relationships=2,
        about=frozenset((Digest(ONE), Digest(TWO))),
    )


def test_a_document_of_an_old_syft_says_less_and_is_read() -> None:
    found = read(schema=..., descriptor={}, artifactRelationships=..., source={})
    assert (found.version, found.tools, found.relationships) == ("", (), 0)
    assert found.about == frozenset()
    assert read(descriptor={"name": "syft"}).tools == ("syft",)
    assert read(source={"metadata": {"manifestDigest": f"sha256:{ONE}"}}).about == {Digest(ONE)}


@pytest.mark.parametrize("part", ["artifacts", "source"])
def test_what_has_no_artifacts_or_no_source_is_no_document_of_syft(part: str) -> None:
    whole = {k: v for k, v in WHOLE.items() if k != part}
    problem = "there are no artifacts or no source, so this is no syft document"
    assert parse(TYPE, whole) == Unreadable(TYPE, problem)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ((), False)),
        ({"cpes": ["cpe:2.3:a"]}, ((), True)),
        ({"cpes": []}, ((), False)),
        ({"purl": 7}, ((), False)),
        ({"licenses": [{"spdxExpression": "MIT", "value": "mit"}]}, (("MIT",), False)),
        ({"licenses": [{"spdxExpression": "", "value": "Own"}, "", 7, {}]}, (("Own",), False)),
        ({"licenses": "MIT"}, ((), False)),
    ],
)
def test_a_package_of_syft_has_licences_as_texts_or_as_objects(
    more: dict[str, Any], said: tuple[tuple[str, ...], bool]
) -> None:
    (package,) = read(artifacts=[{"name": "a", **more}]).packages
    assert (package.licenses, package.identified) == said
