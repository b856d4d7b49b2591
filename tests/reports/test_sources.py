"""Which file an object was rendered from, as Helm and kustomize say, in every format."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gate.manifests.load import load_manifests
from gate.reports import FORMATS, json_v1
from tests.reports.sample import UNSIGNED, WEB, report

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: p
"""


def sources(text: str) -> list[str | None]:
    return [o.name.source for o in load_manifests([("m.yaml", text.encode())]).objects]


def test_helm_says_the_template_of_each_document() -> None:
    text = f"---\n# Source: shop/templates/a.yaml\n{POD}---\n{POD}"
    assert sources(text) == ["shop/templates/a.yaml", None]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("path: base/web.yaml", "base/web.yaml"),
        (
            "path: web.yaml\n      repo: https://example.org/base\n      ref: v1",
            "web.yaml of https://example.org/base",
        ),
        ("configuredIn: kustomization.yaml\n      configuredBy: {}", "kustomization.yaml"),
        ("ref: v1", None),
        ("path: " + "x" * 5_000, None),
    ],
)
def test_kustomize_says_the_origin(origin: str, expected: str | None) -> None:
    text = f"{POD}  annotations:\n    config.kubernetes.io/origin: |\n      {origin}\n"
    assert sources(text) == [expected]


@pytest.mark.parametrize("annotations", ["[]", "{config.kubernetes.io/origin: [a]}", "null"])
def test_annotations_of_another_shape_say_nothing(annotations: str) -> None:
    assert sources(f"{POD}  annotations: {annotations}\n") == [None]


def test_where_an_object_was_rendered_from_is_no_part_of_its_name() -> None:
    there = replace(WEB, source="a.yaml")
    assert (there, str(there), hash(there)) == (WEB, str(WEB), hash(WEB))
    assert replace(UNSIGNED, object=there).fingerprint == UNSIGNED.fingerprint


def test_every_format_tells_it_and_obeys_nothing_in_it() -> None:
    found = replace(UNSIGNED, object=replace(WEB, source="shop/templates/web.yaml"))
    evil = replace(UNSIGNED, object=replace(WEB, source="\x1b[2J"))
    for name in sorted(set(FORMATS) - {"dotenv"}):
        shown = FORMATS[name](replace(report(), findings=(found,)))
        assert "shop/templates/web.yaml" in shown.replace("&#46;", "."), name
        assert "\x1b" not in FORMATS[name](replace(report(), findings=(evil,)))
    value = json.loads(json_v1.render(replace(report(), findings=(found,))))
    assert value["findings"][0]["object"]["source"] == "shop/templates/web.yaml"
