from __future__ import annotations

from typing import Any

import pytest

from gate.documents import strict
from gate.model.predicates import Provenance
from gate.predicates import parse, provenance

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
def test_a_source_of_buildkit_without_a_hash_sign_has_its_ref_where_others_have_it(
    version: str,
) -> None:
    read = built("https://git.example/a@b", version, BUILDKIT[version])
    assert (read.source, read.ref) == ("https://git.example/a", "b")


@pytest.mark.parametrize("version", BUILDKIT)
def test_a_hash_sign_of_another_builder_begins_no_ref(version: str) -> None:
    uri = "https://git.example/a/b#main"
    read = built(uri, version, "https://acme.example/build")
    assert (read.source, read.ref) == (uri, "")


def _tekton(*dependencies: dict[str, Any], **parameters: object) -> Provenance:
    read = parse(
        "https://slsa.dev/provenance/v1",
        {
            "buildDefinition": {
                "buildType": "https://tekton.dev/chains/v2/slsa",
                "externalParameters": parameters,
                "resolvedDependencies": list(dependencies),
            },
            "runDetails": {"builder": {"id": "https://tekton.dev/chains/v2"}},
        },
    )
    assert isinstance(read, Provenance)
    return read


SHOP = {"uri": "git+https://git.example/a/shop.git", "name": "inputs/result"}


def test_the_git_inputs_of_a_tekton_run_are_read_apart_from_its_source() -> None:
    pipeline = {"repository": "git+https://git.example/a/pipelines.git", "path": "build.yaml"}
    read = _tekton(
        {"uri": "git+https://git.example/a/tasks.git", "name": "pipelineTask"},
        {"uri": "oci://registry.example/base", "digest": {"sha256": "ab"}, "name": "inputs/result"},
        SHOP,
        SHOP,
        {"uri": "https://git.example/b", "digest": {"sha1": "c"}, "name": "inputs/result/clone"},
        {"uri": "git+https://git.example/c", "name": "inputs/results-of-others"},
        {"uri": "git+https://git.example/d"},
        buildConfigSource=pipeline,
    )
    assert read.inputs == (("https://git.example/a/shop", ""), ("https://git.example/b", ""))
    assert (read.source, read.entry_point) == ("https://git.example/a/pipelines", "build.yaml")
    assert _tekton().inputs == ()


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"source": "https://g.example/a", "entryPoint": "job"}, "job"),
        ({"source": "https://g.example/a"}, ""),
        ({"entryPoint": "job"}, ""),
        ({"source": "https://g.example/a", "entryPoint": {"a": 1}}, ""),
        ({"workflow": {"repository": "https://g.example/a", "path": "p"}}, "p"),
        ({"workflow": {"repository": "https://g.example/a", "path": "p"}, "entryPoint": "p"}, "p"),
        ({"workflow": {"repository": "https://g.example/a", "path": "p"}, "entryPoint": "q"}, ""),
    ],
)
def test_an_entry_point_beside_the_source_is_read_as_gitlab_writes_it(
    parameters: dict[str, Any], expected: str
) -> None:
    assert _tekton(**parameters).entry_point == expected


G = "https://g.example/a"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, ("", "", "")),
        ({"source": None}, ("", "", "")),
        ({"source": G}, (G, "", "")),
        ({"source": f"git+{G}.git/@main"}, (G, "main", "")),
        ({"source": f"git+{G}.git@main"}, (G, "main", "")),
        ({"source": f"{G}/@main"}, (G, "main", "")),
        ({"source": "git@g.example:a"}, ("git@g.example:a", "", "")),
        ({"source": f"{G}@b@c"}, (f"{G}@b@c", "", "")),
        ({"source": 7}, ("", "", "")),
        ({"source": ""}, ("", "", "")),
        ({"source": G, "workflow": {"repository": G}}, (G, "", "")),
        ({"source": G, "workflow": {}}, (G, "", "")),
        ({"source": G, "workflow": None}, (G, "", "")),
        ({"source": G, "workflow": {"repository": f"{G}b"}}, ("", "", "")),
        ({"source": G, "workflow": {"repository": G, "ref": "main"}}, ("", "", "")),
        ({"source": G, "workflow": []}, ("", "", "")),
        ({"source": G, "workflow": {"repository": 7}}, ("", "", "")),
        ({"workflow": {"repository": G, "ref": "main", "path": "p"}}, (G, "main", "p")),
        ({"workflow": {"uri": f"{G}@main", "repository": G}}, (G, "main", "")),
        ({"workflow": {"uri": f"{G}@main", "ref": "main"}}, (G, "main", "")),
        ({"workflow": {"uri": f"{G}@main", "ref": "next"}}, ("", "", "")),
        ({"workflow": {"uri": f"{G}@main", "repository": f"{G}@next"}}, ("", "", "")),
        ({"workflow": {"uri": f"{G}b", "repository": G}}, ("", "", "")),
        *(
            (
                {"workflow": {"repository": G, "uri": G, "ref": "r", "path": "p", part: {}}},
                ("",) * 3,
            )
            for part in ("repository", "uri", "ref", "path")
        ),
        (
            {"workflow": {"repository": G, "path": "p"}, "source": {"repository": G, "path": "q"}},
            (G, "", ""),
        ),
        (
            {"workflow": {"repository": G, "path": "p"}, "source": {"repository": G, "path": "p"}},
            (G, "", "p"),
        ),
        ({"configSource": {"repository": G}, "entryPoint": None}, (G, "", "")),
        ({"buildConfigSource": {"repository": G}}, (G, "", "")),
        ({"sourceToBuild": {"repository": G}}, (G, "", "")),
        ({"another": {"repository": G}}, ("", "", "")),
    ],
)
def test_what_was_built_is_read_where_the_parameters_say_one_thing(
    parameters: dict[str, Any], said: tuple[str, str, str]
) -> None:
    read = _tekton(**parameters)
    assert (read.source, read.ref, read.entry_point) == said


def test_a_text_that_is_too_long_to_be_kept_states_no_source() -> None:
    longest = f"{G}/".ljust(strict.TEXT, "b")
    assert _tekton(source=longest).source == longest
    assert _tekton(source=f"{longest}b").source == ""
    assert _tekton(source=f"{longest}b", workflow={"repository": G}).source == ""


@pytest.mark.parametrize(
    ("dependency", "inputs"),
    [
        ({"uri": G, "digest": {"gitCommit": "c"}}, ((G, ""),)),
        ({"uri": G, "digest": {"SHA1": "c"}}, ((G, ""),)),
        ({"uri": f"{G}.GIT"}, ((f"{G}.GIT", ""),)),
        ({"uri": f"{G}.git@main"}, ()),
        ({"uri": f"git+{G}@main"}, ((G, "main"),)),
        ({"uri": "ssh://g.example/a"}, (("ssh://g.example/a", ""),)),
        ({"uri": G}, ()),
        ({"uri": G, "digest": {"sha256": "c"}}, ()),
        ({"uri": G, "digest": "sha1"}, ()),
        ({"digest": {"sha1": "c"}}, (("", ""),)),
        ({"uri": 7, "digest": {"sha1": "c"}}, (("", ""),)),
        ({"uri": f"{G}.git", "name": 7}, ()),
        ({"uri": f"{G}.git", "name": "inputs/result/a/b"}, ((G, ""),)),
    ],
)
def test_an_input_of_tekton_is_one_by_its_name_and_of_git(
    dependency: dict[str, Any], inputs: tuple[tuple[str, str], ...]
) -> None:
    assert _tekton({"name": "inputs/result", **dependency}).inputs == inputs


def test_materials_are_told_by_their_uris_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_MATERIALS", 2)
    assert _tekton({"uri": "a"}, {"name": "b"}).materials == ("a", "")
    with pytest.raises(ValueError, match="^resolvedDependencies has more than 2 items$"):
        provenance.parse_1(
            {
                "buildDefinition": {"resolvedDependencies": [{}, {}, {}]},
                "runDetails": {"builder": {}},
            }
        )
