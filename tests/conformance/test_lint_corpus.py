from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from benchmarks.lint_precision import blocking, clean, drawn, labels, table
from gate.lint.report import LintReport
from gate.lint.settings import lint_settings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.manifests.pin import pin
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Finding
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import Profile
from tests.fakes.linted import linted

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
REAL = CORPORA / "manifests"
OPENSHIFT = "argoproj+argo-cd/resource_customizations/apps.openshift.io/DeploymentConfig/testdata"
ELSEWHERE = "argoproj+argo-cd/resource_customizations/source.toolkit.fluxcd.io/OCIRepository/"
"""Here the digest's field is not there, and belongs into another mapping than the image's."""
BLOCK_TEXT: list[str] = []
"""Files with an image as block text, beside those of the OpenShift folder."""
HOSTILE = CORPORA / "manifests-hostile"
if not REAL.is_dir():
    pytest.skip("the recorded manifests are not there", allow_module_level=True)


def _files(folder: Path) -> list[tuple[str, bytes]]:
    found = (p for p in sorted(folder.rglob("*")) if p.suffix in (".yaml", ".yml", ".json"))
    return [(str(p.relative_to(folder)), p.read_bytes()) for p in found]


@cache
def _real() -> tuple[Manifests, LintReport]:
    manifests = load_manifests(_files(REAL))
    section = ManifestsSection.model_validate({"profile": Profile.ALL.value, "complete": True})
    return manifests, linted(manifests.objects, lint_settings(section))


def test_every_document_of_the_real_manifests_is_an_object_or_a_finding() -> None:
    manifests, report = _real()
    rows = [line.split("\t") for line in (REAL / "MANIFEST.tsv").read_text().splitlines()[1:]]
    broken = {f.location.path for f in manifests.findings if f.location and "yaml" in f.rule}
    broken -= {obj.document.path for obj in manifests.objects}
    expected = sum(_documents(data) for path, data in _files(REAL) if path not in broken)
    whole = {(o.document.path, o.document.place().line) for o in manifests.objects}
    # A folder has one warning: what each of its files holds shows where it is read alone.
    with_objects = {path for path, _ in whole}
    alone = (load_manifests([f]) for f in _files(REAL) if f[0] not in with_objects | broken)
    others = {
        (f.location.path, f.location.line)
        for read in (manifests, *alone)
        for f in read.findings
        if f.location and f.rule in ("not-a-kubernetes-object", "mixed-file", "list-items")
    }
    assert manifests.files == len(rows) == 2182
    assert manifests.documents == expected
    lists_of_nothing = 1
    assert len(whole | others) == expected - lists_of_nothing
    assert report.objects == len(manifests.objects)


def _documents(data: bytes) -> int:
    """Count the documents of a file that are not empty, with PyYAML's own events."""
    before, count = None, 0
    for event in yaml.parse(data, Loader=yaml.CSafeLoader):
        if isinstance(before, yaml.DocumentStartEvent):
            empty = isinstance(event, yaml.ScalarEvent) and event.value in ("", "null", "~")
            count += not empty
        before = event
    return count


def test_every_hostile_file_is_a_located_blocking_finding() -> None:
    files = _files(HOSTILE)
    manifests = load_manifests(files)
    located = {f.location.path for f in manifests.findings if f.location}
    assert located == {path for path, _ in files}
    assert {f.action for f in manifests.findings} == {Action.BLOCK}


def test_every_finding_stands_where_it_says() -> None:
    manifests, report = _real()
    lines = {path: data.decode().split("\n") for path, data in _files(REAL)}
    objects: dict[tuple[str, str, str, str], list[KubernetesObject]] = {}
    every = [held for outer in manifests.objects for held in outer.unfolded()]
    texts = {id(e.object.document) for obj in every for e in obj.embedded if e.is_text}
    for obj in every:
        objects.setdefault((obj.document.path, *_named(obj)), []).append(obj)
    for finding in report.findings:
        place = finding.location
        assert place is not None
        assert finding.object is not None
        name = finding.object
        candidates = objects[place.path, name.kind, name.namespace or "", name.name]
        if all(id(obj.document) in texts for obj in candidates):
            assert place in {obj.place() for obj in candidates}
            continue
        line = lines[place.path][place.line - 1]
        rest = line[place.column - 1 :]
        assert any(_begins(rest, _deepest(obj, finding), line) for obj in candidates), finding


def _named(obj: KubernetesObject) -> tuple[str, str, str]:
    return obj.name.kind, obj.name.namespace or "", obj.name.name


def _deepest(obj: KubernetesObject, finding: Finding) -> str | int | None:
    """Return the last step of the finding's field that exists in the object."""
    value: Any = obj.value
    rest = finding.field or ""
    last: str | int | None = None
    while rest:
        rest = rest.removeprefix(".")
        if isinstance(value, list) and rest.startswith("["):
            number, _, rest = rest[1:].partition("]")
            if int(number) >= len(value):
                break
            last, value = int(number), value[int(number)]
            continue
        keys = [k for k in value if _heads(rest, k)] if isinstance(value, dict) else []
        if not keys:
            break
        key = max(keys, key=len)
        last, value, rest = key, value[key], rest[len(key) :]
    return last


def _heads(rest: str, key: str) -> bool:
    return rest.startswith(key) and rest[len(key) : len(key) + 1] in ("", ".", "[")


def _begins(rest: str, step: str | int | None, line: str) -> bool:
    if isinstance(step, str):
        return rest.lstrip("'\"").startswith(step)
    return bool(rest.strip()) and (step is None or "-" in line or "[" in line or "," in line)


def test_pinning_every_image_of_the_real_manifests_changes_only_images() -> None:
    digest = "sha256:" + "0" * 64
    count, refused = 0, []
    for path, data in _files(REAL):
        loaded = load_manifests([(path, data)])
        uses = image_uses(loaded.objects).uses
        if not uses or loaded.findings or len(data) > 50_000:
            continue
        pins = {use.image: f"{use.image}@{digest}" for use in uses}
        pinned = pin(data, path, pins)
        refused += [(path, error.code) for error in pinned.problems]
        left = {error.location for error in pinned.problems}
        again = image_uses(load_manifests([(path, pinned.data)]).objects).uses
        assert [use.image for use in again] == [
            use.image if use.location in left else pins[use.image] for use in uses
        ]
        if not pinned.problems:
            assert pin(pinned.data, path, pins).data == pinned.data
            count += 1
    assert count > 150
    assert {code for _, code in refused} == {"cannot-pin"}
    assert [
        path for path, _ in refused if not path.startswith((OPENSHIFT, ELSEWHERE))
    ] == BLOCK_TEXT


def test_the_same_manifests_give_the_same_report() -> None:
    files = _files(REAL)[:300]
    settings = lint_settings(ManifestsSection())
    one = linted(load_manifests(files).objects, settings)
    two = linted(load_manifests(reversed(files)).objects, settings)
    assert one.findings == two.findings
    assert json.dumps([f.fingerprint for f in one.findings])


def test_the_page_on_precision_says_what_was_counted_and_read() -> None:
    page = Path(__file__).parents[2] / "docs" / "lint-precision.md"
    stated = [line for line in page.read_text().splitlines() if line.startswith("|")]
    folder, found = str(REAL), blocking(str(REAL))
    blocks = table(folder, found.by_rule, Action.BLOCK)
    assert stated == [*blocks, *table(folder, found.softened, Action.WARN)]
    for groups, action in ((found.by_rule, Action.BLOCK), (found.softened, Action.WARN)):
        draws = {name for some in groups.values() for name, _ in drawn(folder, some)}
        assert draws == set(labels(action))
    read = Counter(rule for rule, _, _ in labels(Action.BLOCK))
    right = Counter(name[0] for name, said in labels(Action.BLOCK).items() if said == "right")
    assert {rule for rule in read if right[rule] < 0.95 * read[rule]} == set()
    assert clean(found.of_workloads) in " ".join(page.read_text().split())
    assert found.of_workloads.count(0) >= 0.3 * len(found.of_workloads)
    assert median(found.of_workloads) <= 2
