"""Ways to make provenance say another source, builder or file than it states."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from gate.checks.provenance import CHECK, ProvenanceParams
from gate.model.verdict import Failed, Passed
from gate.predicates import parse, types
from tests.checks import given

V1, V0_2 = types.PROVENANCE_1[0], types.PROVENANCE_0_2[0]
SHOP, EVIL = "https://github.com/acme/shop", "https://github.com/evil/shop"
MAIN: Final = "refs/heads/main"
GOOD: Final = {"repository": SHOP, "ref": MAIN, "path": "a.yml"}
BUILDKIT: Final = "https://mobyproject.org/buildkit@v1"
TEKTON: Final = "https://tekton.dev/chains/v2"
Json = Any


def told(document: Json, kind: str = V1, **asked: str) -> str:
    """Return the codes of what is wrong, or `passed`."""
    policy = {"by": ["ci"], "builder": "b", **asked}
    evidence = given.image(given.attested(parse(kind, document), predicate_type=kind))
    outcome = CHECK.run(evidence, given.asked(ProvenanceParams, **policy), given.NOW)
    if isinstance(outcome, Passed):
        return "passed"
    assert isinstance(outcome, Failed)
    return ", ".join(f.code.removeprefix("provenance-") for f in outcome.findings)


def built(parameters: Json, *, kind: Json = "t", builder: Json = None, **more: Json) -> Json:
    dependencies = {"resolvedDependencies": more.pop("dependencies", None)}
    definition = {"buildType": kind, "externalParameters": parameters, **dependencies}
    run = {"builder": {"id": "b"} if builder is None else builder, **more}
    return {"buildDefinition": definition, "runDetails": run}


def of_shop(document: Json, kind: str = V1) -> str:
    return told(document, kind, source=SHOP, ref=MAIN, entry_point="a.yml")


ALL: Final = "wrong-source, wrong-ref, wrong-entry-point"


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        ({}, "passed"),
        ({"source": None}, "passed"),
        ({"source": f"git+{SHOP}.git@{MAIN}"}, "passed"),
        ({"source": {"digest": {"sha1": "a"}}}, "passed"),
        ({"source": {"uri": f"git+{EVIL}@refs/heads/x", "ref": "refs/heads/y"}}, ALL),
        ({"source": {"uri": f"git+{EVIL}@{MAIN}"}}, ALL),
        ({"source": {"repository": {"url": EVIL}}}, ALL),
        ({"source": [EVIL]}, ALL),
        ({"source": 7}, ALL),
        ({"source": False}, ALL),
        ({"buildConfigSource": {**GOOD, "path": "evil.yml"}}, "wrong-entry-point"),
        ({"entryPoint": "a.yml"}, "passed"),
        ({"entryPoint": "evil.yml"}, "wrong-entry-point"),
        ({"entryPoint": ["evil.yml"]}, "wrong-entry-point"),
    ],
)
def test_beside_a_good_source_nothing_may_say_another(beside: dict[str, Json], code: str) -> None:
    assert of_shop(built({"workflow": GOOD, **beside})) == code
    assert of_shop(built({**beside, "configSource": GOOD})) == code


@pytest.mark.parametrize(
    ("workflow", "code"),
    [
        ({**GOOD, "uri": f"git+{SHOP}@{MAIN}"}, "passed"),
        ({**GOOD, "uri": f"git+{EVIL}@{MAIN}"}, ALL),
        ({**GOOD, "uri": f"git+{SHOP}@refs/heads/evil"}, ALL),
        ({**GOOD, "ref": [MAIN]}, ALL),
        ({**GOOD, "path": ["a.yml"]}, ALL),
        ({**GOOD, "repository": [SHOP]}, ALL),
        ({"Repository": SHOP, "Ref": MAIN, "Path": "a.yml"}, ALL),
        ([GOOD], ALL),
    ],
)
def test_the_parts_of_one_source_say_one_thing(workflow: Json, code: str) -> None:
    assert of_shop(built({"workflow": workflow})) == code


def test_a_text_is_not_cut_before_it_is_compared() -> None:
    ref = f"refs/heads/{'m' * (4096 - len(SHOP) - len('@refs/heads/'))}"
    for source in (f"{SHOP}@{ref}", {"uri": f"{SHOP}@{ref}"}, {"repository": SHOP, "ref": ref}):
        assert told(built({"source": source}), source=SHOP, ref="refs/heads/*") == "passed"
    for longer in (f"{SHOP}@{ref}/x", {"uri": f"{SHOP}@{ref}/x"}):
        asked = {"source": SHOP, "ref": "refs/heads/*"}
        assert told(built({"source": longer}), **asked) == "wrong-source, wrong-ref"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (built({"workflow": GOOD}, builder={"id": ["b"]}), "unreadable"),
        (built({"workflow": GOOD}, builder="b"), "unreadable"),
        (built({"workflow": GOOD}, builder={"ID": "b"}), "wrong-builder"),
        (built({"workflow": GOOD}, builder={"id": "b\n"}), "wrong-builder"),
        (built({"workflow": GOOD}, kind=["t"]), "unreadable"),
        (built([GOOD]), "unreadable"),
        (built({"workflow": GOOD}, dependencies="x"), "unreadable"),
        (built({"workflow": GOOD}, metadata=[]), "unreadable"),
        (
            built({"workflow": GOOD}, metadata={"finishedOn": "9999-12-31T23:59:59Z"}),
            "from-the-future",
        ),
        ({"Data": built({"workflow": GOOD}), "Timestamp": ""}, "unreadable"),
        (json.dumps(built({"workflow": GOOD})), "unreadable"),
        (None, "unreadable"),
    ],
)
def test_provenance_of_a_wrong_shape_proves_nothing(document: Json, code: str) -> None:
    assert of_shop(document) == code


def older(**more: Json) -> Json:
    source = {"uri": f"git+{SHOP}@{MAIN}", "entryPoint": "a.yml"}
    return {
        "builder": {"id": "b"},
        "buildType": "t",
        "invocation": {"configSource": source},
        **more,
    }


@pytest.mark.parametrize(
    ("document", "kind", "code"),
    [
        (older(), V0_2, "passed"),
        (older(), V1, "unreadable"),
        (built({"workflow": GOOD}), V0_2, "unreadable"),
        (older(), "https://slsa.dev/provenance/v0.1", "wrong-predicate"),
        (older(), f"{V0_2}/", "wrong-predicate"),
        (built({"workflow": GOOD}), f"{V1}?draft", "wrong-predicate"),
        (older(builder="b"), V0_2, "unreadable"),
        (older(invocation={"configSource": [{"uri": SHOP}]}), V0_2, "unreadable"),
        (older(invocation={"configSource": {"uri": [SHOP]}}), V0_2, "unreadable"),
        (older(invocation={}, materials=[{"uri": f"git+{SHOP}@{MAIN}"}]), V0_2, ALL),
        (older(metadata={"buildFinishedOn": "9999-12-31T23:59:59Z"}), V0_2, "from-the-future"),
    ],
)
def test_each_version_is_read_as_itself_alone(document: Json, kind: str, code: str) -> None:
    assert of_shop(document, kind) == code


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        (f"{SHOP}.git#{MAIN}", "passed"),
        (f"{SHOP}.git#{MAIN}:folder", "passed"),
        (f"{SHOP}.git#:folder", "wrong-ref"),
        (f"{SHOP}.git#{MAIN}#x", "wrong-ref"),
        (f"{SHOP}.git#%72efs/heads/main", "wrong-ref"),
        (f"{SHOP}.git?ref=evil#{MAIN}", "wrong-source"),
        (f"{SHOP}.git@evil#{MAIN}", "wrong-source, wrong-ref"),
        (f"{SHOP}.git#{MAIN}@x", "wrong-source, wrong-ref"),
        (f"ssh://git@github.com/acme/shop.git#{MAIN}", "wrong-source"),
        (f"#{MAIN}", "wrong-source, wrong-ref"),
    ],
)
def test_the_source_of_buildkit_is_read_as_buildkit_reads_it(uri: str, code: str) -> None:
    said = built({"configSource": {"uri": uri}}, kind=BUILDKIT)
    assert told(said, source=SHOP, ref=MAIN) == code


OURS: Final = {
    "name": "inputs/result",
    "uri": f"git+{SHOP}.git",
    "digest": {"sha1": "a" * 40},
}


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({}, "passed"),
        ({"uri": "pkg:docker/alpine@3", "digest": {"sha256": "b" * 64}}, "passed"),
        ({"uri": f"git+{EVIL}"}, "wrong-source"),
        ({"uri": f"GIT+{EVIL}", "digest": {"sha256": "b" * 64}}, "wrong-source"),
        ({"uri": f"{EVIL}.git", "digest": {"sha256": "b" * 64}}, "wrong-source"),
        ({"uri": "ssh://git@github.com/evil/shop", "digest": {}}, "wrong-source"),
        ({"uri": EVIL, "digest": {"SHA1": "b" * 40}}, "wrong-source"),
        ({"uri": EVIL, "digest": {"gitCommit": "b" * 40}}, "wrong-source"),
        ({"uri": [EVIL]}, "wrong-source"),
        ({"name": "inputs/result/clone", "uri": f"git+{EVIL}"}, "wrong-source"),
    ],
)
def test_a_second_repository_of_a_tekton_run_leaves_no_source(
    other: dict[str, Json], code: str
) -> None:
    said = built({}, builder={"id": TEKTON}, dependencies=[OURS, {**OURS, **other}])
    assert told(said, builder=TEKTON, source=SHOP) == code
