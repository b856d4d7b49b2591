from __future__ import annotations

import contextlib
import json
from random import Random
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.documents import MalformedJson, read_json, read_yaml
from gate.errors import DocumentError
from gate.lint.settings import lint_settings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.document import Document, Path, mark
from gate.model.location import Location
from gate.model.value import Value
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import Profile
from tests.fakes.linted import linted

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
WORDS = [
    *("apiVersion", "kind", "metadata", "spec", "template", "containers", "name", "image"),
    *("securityContext", "volumes", "hostPath", "env", "valueFrom", "ports", "selector"),
    *("rules", "subjects", "roleRef", "labels", "annotations", "items", "data", "limits"),
]
KINDS = ["Pod", "Deployment", "Service", "Role", "RoleBinding", "Ingress", "NetworkPolicy"]
KINDS += ["HorizontalPodAutoscaler", "PodDisruptionBudget", "ConfigMap", "Secret", "Rollout"]
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["a", "*", "1Gi", "-", ""]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
    ),
    max_leaves=40,
)
EVERYTHING = lint_settings(
    ManifestsSection.model_validate({"profile": Profile.ALL.value, "complete": True})
)


@given(st.binary(max_size=400))
def test_no_bytes_make_anything_but_a_document_error_escape(data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        read_yaml(data, "f")
    manifests = load_manifests([("f", data)])
    assert all(finding.location for finding in manifests.findings)


@given(st.text("{}[]&*!|>'\"%@`#-?:, \n\tab1~<.=", max_size=60))
def test_no_punctuation_makes_anything_but_a_document_error_escape(text: str) -> None:
    documents: tuple[Document, ...] = ()
    with contextlib.suppress(DocumentError):
        documents = read_yaml(text.encode(), "f")
    assert all(len(d.marks) == 1 + len(_paths(d.value)) for d in documents)


def _paths(value: Any, above: Path = ()) -> list[Path]:  # noqa: ANN401  # any JSON value
    """Return the path of each part of a value, depth first."""
    found: list[Path] = []
    parts = value if isinstance(value, dict) else {}
    parts = dict(enumerate(value)) if isinstance(value, list) else parts
    for key, part in parts.items():
        found += [(*above, key), *_paths(part, (*above, key))]
    return found


@given(VALUES, st.booleans(), st.randoms())
def test_each_part_has_the_mark_that_is_its_own(
    value: Any,  # noqa: ANN401  # any JSON value
    shared: bool,  # noqa: FBT001  # a table of cases
    random: Random,
) -> None:
    whole = {"a": value, "b": value if shared else 1, "c": [value] if shared else {}, "d": 2}
    paths = _paths(whole)
    document = Document(Value(whole), "f", [mark(7, 0), *(mark(0, i) for i in range(len(paths)))])
    assert document.place() == Location("f", 8, 1)
    asked = list(enumerate(paths, 1))
    random.shuffle(asked)
    for column, path in asked:
        assert document.place(*path) == Location("f", 1, column)
        assert document.place(*path, "\0") == Location("f", 1, column)
    document.forget()
    assert document.place("d") == Location("f", 1, len(paths))


@given(VALUES)
def test_what_is_written_as_yaml_or_json_is_read_back(value: Any) -> None:  # noqa: ANN401  # any JSON value
    given_value = {"a": value}
    quoted = yaml.safe_dump(given_value, default_style='"', allow_unicode=False)
    assert read_yaml(json.dumps(given_value).encode(), "f")[0].value == given_value
    assert json.loads(json.dumps(read_yaml(quoted.encode(), "f")[0].value)) == given_value


@given(VALUES)
def test_strict_json_reads_what_json_writes(value: Any) -> None:  # noqa: ANN401  # any JSON value
    assert read_json(json.dumps(value).encode(), max_bytes=100_000) == value


@given(st.binary(max_size=200))
def test_strict_json_raises_only_its_own_error(data: bytes) -> None:
    value = None
    with contextlib.suppress(MalformedJson):
        value = read_json(data, max_bytes=150)
    assert json.loads(json.dumps(value)) == value


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(KINDS), SHAPES, SHAPES), max_size=3))
def test_no_shape_of_object_makes_a_rule_raise(shapes: list[tuple[str, Any, Any]]) -> None:
    files = []
    for kind, spec, metadata in shapes:
        value = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}
        value |= spec if isinstance(spec, dict) else {}
        files.append(("f", json.dumps(value | {"kind": kind, "apiVersion": "v1"}).encode()))
    manifests = load_manifests(files)
    report = linted(manifests.objects, EVERYTHING)
    uses = image_uses(manifests.objects)
    assert report.objects == len(manifests.objects)
    assert all(f.location for f in (*report.findings, *uses.findings))
