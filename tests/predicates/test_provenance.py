from __future__ import annotations

import pytest

from gate.model.predicates import Provenance
from gate.predicates import parse

BUILDKIT = {
    "0.2": "https://mobyproject.org/buildkit@v1",
    "1": "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md",
}


def built(uri: str, version: str, build_type: str) -> Provenance:
    """Read provenance of a build whose configuration came from a URI."""
    config = {"uri": uri, "entryPoint": "Dockerfile", "path": "Dockerfile"}
    predicate: object = (
        {
            "builder": {"id": "b"},
            "buildType": build_type,
            "invocation": {"configSource": config},
        }
        if version == "0.2"
        else {
            "buildDefinition": {
                "buildType": build_type,
                "externalParameters": {"configSource": config},
            },
            "runDetails": {"builder": {"id": "b"}},
        }
    )
    read = parse(f"https://slsa.dev/provenance/v{version}", predicate)
    assert isinstance(read, Provenance)
    return read


@pytest.mark.parametrize("version", BUILDKIT)
@pytest.mark.parametrize(
    ("uri", "source", "ref"),
    [
        ("https://git.example/a/b.git#refs/tags/v1", "https://git.example/a/b", "refs/tags/v1"),
        ("https://git.example/a/b.git#main:sub", "https://git.example/a/b", "main"),
        ("https://git.example/a/b.git", "https://git.example/a/b", ""),
    ],
)
def test_buildkit_has_the_ref_of_its_source_after_a_hash_sign(
    uri: str, source: str, ref: str, version: str
) -> None:
    read = built(uri, version, BUILDKIT[version])
    assert (read.source, read.ref, read.entry_point) == (source, ref, "Dockerfile")


@pytest.mark.parametrize("version", BUILDKIT)
def test_a_source_of_buildkit_in_which_the_ref_could_begin_twice_is_taken_as_it_is(
    version: str,
) -> None:
    read = built("https://git.example/a@b#main", version, BUILDKIT[version])
    assert (read.source, read.ref) == ("https://git.example/a@b@main", "")


@pytest.mark.parametrize("version", BUILDKIT)
def test_a_hash_sign_of_another_builder_begins_no_ref(version: str) -> None:
    uri = "https://git.example/a/b#main"
    read = built(uri, version, "https://acme.example/build")
    assert (read.source, read.ref) == (uri, "")
