"""What is applied is what was judged: gate's own text of objects, and that it is held."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from gate.errors import DocumentError, GateError
from gate.manifests import emit as emit_module
from gate.manifests.canonical import object_digest
from gate.manifests.emit import Pins, emit
from gate.manifests.load import load_manifests

DIGEST = f"sha256:{'a' * 64}"
PINS = Pins(
    written={"nginx:1": f"nginx:1@{DIGEST}"},
    bound={"nginx:1": f"docker.io/library/nginx@{DIGEST}"},
)
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\n"
    "spec: {containers: [{name: c, image: 'nginx:1'}]}\n"
)


def emitted(*sources: str, pins: Pins = PINS) -> str:
    manifests = load_manifests([(f"{n}.yaml", s.encode()) for n, s in enumerate(sources)])
    assert [f.code for f in manifests.findings] == []
    return emit(manifests.objects, pins).decode()


def values(text: str) -> list[Any]:
    return list(yaml.safe_load_all(text))


def pod(name: str) -> dict[str, Any]:
    container = {"name": "c", "image": f"nginx:1@{DIGEST}"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"containers": [container]},
    }


def test_each_object_is_a_document_and_its_image_is_pinned() -> None:
    assert emitted(POD.replace("NAME", "a")) == (
        "---\n"
        'apiVersion: "v1"\n'
        'kind: "Pod"\n'
        "metadata:\n"
        '  name: "a"\n'
        "spec:\n"
        "  containers:\n"
        '    - name: "c"\n'
        f'      image: "nginx:1@{DIGEST}"\n'
    )


def test_keys_of_dashes_do_not_cut_a_document_or_join_two() -> None:
    named = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": n}} for n in "ab"]
    meant = [{"---x": "---", **one, "data": {"--- # x": "a\n---\nb"}} for one in named]
    text = emitted(*map(json.dumps, meant))
    assert values(text) == meant
    assert [line for line in text.splitlines() if "---" in line] == [
        "---",
        '"---x": "---"',
        '  "--- # x": "a\\n---\\nb"',
    ] * 2


def test_the_objects_of_lists_are_documents_of_their_own() -> None:
    text = emitted(
        "apiVersion: v1\nkind: List\nitems:\n"
        "- {apiVersion: v1, kind: Secret, metadata: {name: s}}\n"
        "- apiVersion: v1\n  kind: List\n  items:\n  - "
        + POD.replace("NAME", "a").replace("\n", "\n    ")
    )
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
    assert values(text) == [secret, pod("a")]


def test_an_item_of_a_typed_list_has_the_kind_of_the_list_when_it_is_applied_and_bound() -> None:
    items = "items: [{metadata: {name: NAME}, spec: {containers: [{name: c, image: 'nginx:1'}]}}]"
    listed = f"apiVersion: v1\nkind: PodList\n{items.replace('NAME', 'a')}\n"
    assert values(emitted(listed)) == [pod("a")]
    digests = {
        object_digest(obj, PINS.bound)
        for source in (listed, POD.replace("NAME", "a"))
        for obj in load_manifests([("f", source.encode())]).objects
    }
    assert len(digests) == 1


def test_shared_parts_are_written_out_and_pinned_each() -> None:
    text = emitted(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n"
        "  containers:\n  - &c {name: c, image: 'nginx:1'}\n  - {<<: *c, name: d}\n"
    )
    (value,) = values(text)
    assert [c["image"] for c in value["spec"]["containers"]] == [f"nginx:1@{DIGEST}"] * 2
    assert not {"&", "*", "<<"} & set(text.split())


def test_what_has_a_digest_stays_as_it_was_written() -> None:
    image = f"nginx@{DIGEST}"
    pins = Pins(written={}, bound={image: f"docker.io/library/nginx@{DIGEST}"})
    (value,) = values(emitted(POD.replace("NAME", "a").replace("nginx:1", image), pins=pins))
    assert value["spec"]["containers"][0]["image"] == image


def test_the_same_objects_give_the_same_bytes_however_they_are_formatted() -> None:
    block = POD.replace("NAME", "a")
    flow = json.dumps({**pod("a"), "spec": {"containers": [{"name": "c", "image": "nginx:1"}]}})
    assert emitted(block) == emitted(flow) == emitted(f"# why\n--- # this\n{block}...\n")


def test_more_objects_than_one_file_may_hold_are_written_and_held() -> None:
    sources = [
        "---\n".join(f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s{n}}}\n" for n in part)
        for part in (range(4000), range(4000, 6000))
    ]
    text = emitted(*sources)
    assert text.count("---\n") == 6000
    assert text.endswith('name: "s5999"\n')


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('apiVersion: "v1"\nkind: "Pod"\n', "is not what was judged"),
        ("", "1 objects became 0"),
        ('a: "b"\n', "1 objects became 0"),
        ('apiVersion: "v1"\nkind: "Pod"\n---\napiVersion: "v1"\nkind: "Pod"\n', "became 2"),
    ],
)
def test_what_does_not_read_back_as_it_was_judged_is_refused(
    written: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emit_module, "write_yaml", lambda _: written)
    with pytest.raises(GateError, match=why) as caught:
        emitted(POD.replace("NAME", "a"))
    assert (caught.value.code, caught.value.exit_code) == ("pinned-differs", 3)
    assert str(caught.value.location) == "0.yaml:1:1"


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, "1"), (1.5, "1.5"), (None, "")])
def test_numbers_and_words_that_python_takes_for_equal_are_told_apart(
    one: object, other: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = f"apiVersion: v1\nkind: ConfigMap\nx: {json.dumps(one)}\n"
    assert values(emitted(source))[0]["x"] == one
    changed = f"apiVersion: v1\nkind: ConfigMap\nx: {json.dumps(other)}\n"
    monkeypatch.setattr(emit_module, "write_yaml", lambda _: changed)
    with pytest.raises(GateError) as caught:
        emitted(source)
    assert caught.value.code == "pinned-differs"


def test_an_image_that_nobody_judged_is_never_written() -> None:
    with pytest.raises(GateError) as caught:
        emitted(POD.replace("NAME", "a"), pins=Pins(written={}, bound={}))
    assert caught.value.code == "pinned-differs"
    assert not isinstance(caught.value, DocumentError)
