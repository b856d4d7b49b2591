"""Digests written into manifests, and nothing else changed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gate.manifests import pin as pinning
from gate.manifests.kustomization import kustomized_images
from gate.model.kubernetes import field_path

DIGEST = "sha256:" + "a" * 64
PINS = {"nginx": f"nginx@{DIGEST}", "ghcr.io/acme/shop:1.0": f"ghcr.io/acme/shop:1.0@{DIGEST}"}

POD = """\
# a comment with nginx in it
apiVersion: v1
kind: Pod
metadata: {name: nginx, labels: {app: nginx}}
spec:
  containers:
    - name: nginx
      image:   IMAGE   # why this one
      args: ["nginx"]
"""


def pin(data: bytes, path: str, pins: Mapping[str, str]) -> bytes:
    """Pin a file of which nothing is a problem."""
    pinned = pinning.pin(data, path, pins)
    assert [str(error) for error in pinned.problems] == []
    return pinned.data


def left(text: str, pins: Mapping[str, str] = PINS, path: str = "p.yaml") -> list[str]:
    """Pin a file that stays as it is; return the place and the code of each problem."""
    pinned = pinning.pin(text.encode(), path, pins)
    assert pinned.data == text.encode()
    return [f"{error.location} {error.code}" for error in pinned.problems]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nginx", f"nginx@{DIGEST}"),
        ("'nginx'", f"'nginx@{DIGEST}'"),
        ('"nginx"', f'"nginx@{DIGEST}"'),
        ("ghcr.io/acme/shop:1.0", f"ghcr.io/acme/shop:1.0@{DIGEST}"),
        (f"nginx@{DIGEST}", f"nginx@{DIGEST}"),
        ("quay.io/other/image:2", "quay.io/other/image:2"),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_image_alone_changes(old: str, new: str, ends: str) -> None:
    before, after = (POD.replace("IMAGE", i).replace("\n", ends).encode() for i in (old, new))
    assert pin(before, "p.yaml", PINS) == after
    assert pin(after, "p.yaml", PINS) == after


def test_every_position_of_every_document_is_pinned() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: "
        "[{name: a, image: nginx}, {name: b, image: 'nginx'}]}}\n"
        "---\n" + POD.replace("IMAGE", "nginx") + "  volumes:\n"
        "    - {name: v, image: {reference: nginx}}\n  initContainers: [{name: i, image: nginx}]\n"
    )
    pinned = pin(text.encode(), "p.yaml", PINS).decode()
    assert pinned.count(DIGEST) == 5
    assert pinned.replace(f"@{DIGEST}", "") == text


def test_json_is_pinned_too_behind_a_byte_order_mark() -> None:
    text = (
        '\ufeff{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "ü"}, '
        '"spec": {"containers": [{"image": "nginx", "name": "a"}]}}'
    )
    pinned = pin(text.encode(), "p.json", PINS).decode()
    assert pinned == text.replace('"nginx"', f'"nginx@{DIGEST}"')


def test_an_anchor_that_several_containers_share_is_pinned_once() -> None:
    text = POD.replace("IMAGE", "nginx").replace("- name: nginx\n", "- &c\n      name: nginx\n")
    text += "    - {<<: *c, command: [two]}\n"
    pinned = pin(text.encode(), "p.yaml", PINS).decode()
    assert pinned.count(DIGEST) == 1


def anchored(first: str, second: str, name: str = "c") -> str:
    return (
        "apiVersion: v1\nkind: Pod\n"
        f"metadata: {{name: p, annotations: {{x: {first}}}}}\n"
        f"spec: {{containers: [{{name: {name}, image: {second}}}]}}\n"
    )


SHOP = "ghcr.io/acme/shop:1.0"
PINNED = PINS[SHOP]


@pytest.mark.parametrize(
    ("first", "second", "pinned_first", "pinned_second"),
    [
        # An anchor, a tag and quotes stay; what another field repeats follows.
        ("1", f"&i {SHOP}", "1", f"&i {PINNED}"),
        ("1", f"!!str {SHOP}", "1", f"!!str {PINNED}"),
        ("1", f"!!str &i '{SHOP}'", "1", f"!!str &i '{PINNED}'"),
        ("1", f'&i  !!str\n  "{SHOP}"', "1", f'&i  !!str\n  "{PINNED}"'),
        ("1", f"&i # why\n  {SHOP}", "1", f"&i # why\n  {PINNED}"),
        # Behind an alias the anchor is pinned.
        (f"&i {SHOP}", "*i", f"&i {PINNED}", "*i"),
        (f'&i "{SHOP}"', "*i", f'&i "{PINNED}"', "*i"),
        # A bare word may be a name: the alias is replaced.
        ("&i nginx", "*i", "&i nginx", f"nginx@{DIGEST}"),
        ("&i 'nginx'", "*i ", "&i 'nginx'", f"nginx@{DIGEST} "),
    ],
)
def test_anchors_and_tags_stay(
    first: str, second: str, pinned_first: str, pinned_second: str
) -> None:
    text = anchored(first, second)
    pinned = pin(text.encode(), "p.yaml", PINS).decode()
    assert pinned == anchored(pinned_first, pinned_second)
    assert pin(pinned.encode(), "p.yaml", PINS).decode() == pinned


def test_two_containers_that_share_an_image_by_an_alias_are_pinned_once_at_the_anchor() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: &i nginx # both\n"
        "  - image: *i\n  - {image: *i}\n---\n"
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: &i ghcr.io/acme/shop:1.0}]}\n"
    )
    pinned = pin(text.encode(), "p.yaml", PINS).decode()
    assert pinned == text.replace("&i nginx", f"&i nginx@{DIGEST}").replace(SHOP, PINNED)


def test_an_image_that_names_something_too_is_told_and_the_others_are_pinned() -> None:
    text = anchored("1", f"&i nginx, args: [*i]}}, {{name: b, image: '{SHOP}'")
    pinned = pinning.pin(text.encode(), "p.yaml", PINS)
    assert pinned.data.decode() == text.replace(SHOP, PINNED)
    assert [str(e.location) for e in pinned.problems] == ["p.yaml:4:31"]
    assert "'nginx' cannot be pinned here without" in pinned.problems[0].problem


@pytest.mark.parametrize("image", ["|-\n        nginx", ">-\n        nginx"])
def test_a_block_scalar_is_told_and_the_others_are_pinned(image: str) -> None:
    text = POD.replace("IMAGE   # why this one", image)
    assert left(text) == ["p.yaml:8:7 cannot-pin"]
    text += f"    - image: {SHOP}\n"
    pinned = pinning.pin(text.encode(), "p.yaml", PINS)
    assert pinned.data.decode() == text.replace(SHOP, PINNED)
    assert len(pinned.problems) == 1


def test_a_file_that_does_not_load_names_no_image_and_stays() -> None:
    assert left("a: [\n") == []


def test_an_anchor_that_an_annotation_repeats_is_pinned_where_it_is_no_bare_word() -> None:
    text = f"apiVersion: v1\nkind: Pod\nspec: {{containers: [{{image: &i {SHOP}}}]}}\nx: *i\n"
    assert pin(text.encode(), "p.yaml", PINS).decode() == text.replace(SHOP, PINNED)


def test_a_bare_word_that_something_else_repeats_too_is_written_at_its_alias_alone() -> None:
    text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: &i nginx\n"
    text += "  - {image: *i, args: [*i]}\n"
    pinned = pinning.pin(text.encode(), "p.yaml", PINS)
    assert pinned.data.decode() == text.replace("{image: *i", f"{{image: nginx@{DIGEST}")
    assert [str(e.location) for e in pinned.problems] == ["p.yaml:5:5"]


BROKER = "apiVersion: ops.example.org/v1\nkind: Broker\nmetadata: {name: a}\nspec:\n"
PARTS = f"{{repository: {SHOP[:-4]}, tag: '1.0'}}"


OCI = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: a}\n"
    f"spec: {{url: 'oci://{SHOP[:-4]}', ref: {{tag: '1.0'}}}}\n"
)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (f"{BROKER}  image: {PARTS}\n", ("'1.0'", f"'1.0@{DIGEST}'")),
        (
            f"{BROKER}  image:\n    repository: {SHOP[:-4]}\n    version: '1.0'\n    digest: ''\n",
            ("''", f"'{DIGEST}'"),
        ),
        (f"{BROKER}  plugin: {{image: 'oci://{SHOP}'}}\n", (SHOP, PINNED)),
        (OCI.replace("'1.0'", "'1.0', digest: ''"), ("''", f"'{DIGEST}'")),
    ],
)
def test_an_image_in_parts_takes_the_digest_where_its_kind_has_it(
    text: str, after: tuple[str, str]
) -> None:
    pinned = pin(text.encode(), "p.yaml", PINS)
    assert pinned.decode() == text.replace(*after)
    assert pin(pinned, "p.yaml", PINS) == pinned


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        (f"{BROKER}  image: {{name: ' {SHOP} '}}\n", "5:11", "on one line"),
        (f"{BROKER}  image: {{registry: ghcr.io, name: 'acme/shop:1.0'}}\n", "5:30", "yourself"),
        (OCI, "4:8", "on one line"),
        (f"{BROKER}  image: {{repository: {SHOP[:-4]}, version: '1.0'}}\n", "5:11", "yourself"),
    ],
    ids=["spaces", "registry beside it", "another mapping", "no field for it"],
)
def test_what_takes_no_digest_is_told_and_the_others_are_pinned(
    text: str, place: str, why: str
) -> None:
    assert left(text) == [f"p.yaml:{place} cannot-pin"]
    both = f"{text}---\n{POD.replace('IMAGE', SHOP)}"
    pinned = pinning.pin(both.encode(), "p.yaml", PINS)
    assert pinned.data.decode() == f"{text}---\n{POD.replace('IMAGE', PINNED)}"
    assert [why in error.remedy for error in pinned.problems] == [True]


def test_problems_are_told_in_the_order_of_the_file() -> None:
    block = "|-\n        nginx\n"
    text = (
        f"{BROKER}  image: {{registry: ghcr.io, name: 'acme/shop:1.0'}}\n---\n"
        f"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {block}"
        f"---\n{BROKER}  x: {{image: {{name: ' {SHOP} '}}, b: {{image: {{name: ' {SHOP}'}}}}}}\n"
    )
    places = ["5:30", "11:7", "18:15", "18:61"]
    assert left(text) == [f"p.yaml:{place} cannot-pin" for place in places]


def _written(monkeypatch: pytest.MonkeyPatch, after: str) -> list[str]:
    """Return the problems of a file whose text becomes another one than was meant."""
    monkeypatch.setattr(pinning, "_edited", lambda *_: after)
    pinned = pinning.pin(HELD.encode(), "p.yaml", PINS)
    assert pinned.data.decode() == (HELD if pinned.problems else after)
    return [f"{error.location} {error.problem}" for error in pinned.problems]


HELD = (
    "apiVersion: v1\nkind: Pod\n"
    f"spec: {{containers: [{{image: {SHOP}}}], a: [1, {{b: c}}], d: e}}\n"
    "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
)
MEANT = HELD.replace(SHOP, PINNED)


@pytest.mark.parametrize(
    "after",
    [
        MEANT,
        MEANT.replace("c}", f"c@{DIGEST}}}"),
        MEANT.replace("b: c", f"b: c, digest: '{DIGEST}'"),
    ],
)
def test_a_text_that_says_new_digests_alone_is_taken(
    after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _written(monkeypatch, after) == []


@pytest.mark.parametrize(
    "after",
    [
        HELD,
        HELD.replace(SHOP, f"other@{DIGEST}"),
        MEANT.replace(DIGEST, "sha256:" + "b" * 64),
        MEANT + "---\na: b\n",
        "---\na: b\n---\n" + MEANT,
        MEANT.replace("d: e", "d: f"),
        MEANT.replace("name: s", "name: t"),
        MEANT.replace("d: e", "d: 1"),
        MEANT.replace("d: e", f"d: ee@{DIGEST}"),
        MEANT.replace("d: e", f"d: e@sha256:{'b' * 64}"),
        MEANT.replace("d: e", "d: e@"),
        MEANT.replace("d: e", f"d: e@x@{DIGEST}"),
        MEANT.replace(", d: e", ""),
        MEANT.replace("d: e", f"d: e, f: {SHOP}"),
        MEANT.replace("d: e", f"d: e, f: '{DIGEST}', g: h"),
        MEANT.replace("d: e", f"f: '{DIGEST}'"),
        MEANT.replace("[1,", "[1.5,"),
        MEANT.replace("[1,", "[true,"),
        MEANT.replace("[1,", "[2,"),
        MEANT.replace("[1, {b: c}]", "[1]"),
        MEANT.replace("[1, {b: c}]", f"[1, {{b: c}}, '{DIGEST}']"),
        MEANT.replace("{b: c}", "[b]"),
        MEANT.replace("{b: c}", "{b: x}"),
    ],
)
def test_a_text_that_says_anything_else_is_not_taken_and_nothing_is_pinned(
    after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = "p.yaml:1:1 p.yaml would say something else besides digests after pinning"
    assert _written(monkeypatch, after) == [problem]


KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("entry", "pinned"),
    [
        (f"- name: {SHOP[:-4]}\n  newTag: '1.0'\n", f"  digest: {DIGEST}\n"),
        (f"  - newTag: '1.0' # why\n    name: {SHOP[:-4]}\n", ""),
        (f"- name: shop\n  newName: {SHOP[:-4]}\n  newTag: '1.0'", f"\n  digest: {DIGEST}"),
    ],
)
def test_a_kustomization_takes_the_digest_below_the_tag(entry: str, pinned: str, ends: str) -> None:
    text = KUSTOMIZATION + "images: # ours\n" + entry
    after = text + pinned
    if not pinned:
        after = text.replace("# why\n", f"# why\n    digest: {DIGEST}\n")
    text, after = text.replace("\n", ends), after.replace("\n", ends)
    if pinned.startswith("\n"):
        after = after.replace(f"{ends}  digest", "\n  digest")  # no line end to take after
    assert pin(text.encode(), "kustomization.yaml", PINS).decode() == after
    assert pin(after.encode(), "kustomization.yaml", PINS).decode() == after


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("images: [{name: NAME, newTag: '1.0'}]", f", digest: {DIGEST}"),
        ('{"images": [{"name": "NAME", "newTag": "1.0"}]}', f', "digest": "{DIGEST}"'),
    ],
)
def test_a_kustomization_in_braces_takes_it_behind_the_tag(text: str, added: str) -> None:
    text = text.replace("NAME", SHOP[:-4])
    tag = "'1.0'" if "'" in text else '"1.0"'
    pinned = pin(text.encode(), "a/kustomization.yml", PINS).decode()
    assert pinned == text.replace(tag, tag + added)


@pytest.mark.parametrize(
    "images",
    [
        "[{name: ghcr.io/acme/shop}]",
        "[{name: ghcr.io/acme/shop, newTag: 1.0}]",
        f"[{{name: ghcr.io/acme/shop, newTag: '1.0', digest: '{DIGEST}'}}]",
        "{name: ghcr.io/acme/shop, newTag: '1.0'}",
        "[[ghcr.io/acme/shop]]",
        "null",
    ],
)
def test_a_kustomization_that_sets_no_tag_or_has_a_digest_stays(images: str) -> None:
    assert left(f"{KUSTOMIZATION}images: {images}\n", path="kustomization.yaml") == []


def test_a_file_of_another_name_is_a_kustomization_by_its_kind_alone() -> None:
    images = "images: [{name: ghcr.io/acme/shop, newTag: '1.0'}]\n"
    assert left(images, path="values.yaml") == []
    assert DIGEST in pin((KUSTOMIZATION + images).encode(), "base.yaml", PINS).decode()


def test_a_tag_that_another_entry_repeats_is_not_changed_by_the_digest_beside_it() -> None:
    text = f"images:\n- {{name: a, newTag: &t '1.0'}}\n- {{name: {SHOP[:-4]}, newTag: *t}}\n"
    pinned = pin(text.encode(), "kustomization.yaml", PINS).decode()
    assert pinned == text.replace("*t}", f"*t, digest: {DIGEST}}}")


def _kustomized(text: str, path: str = "kustomization.yaml") -> list[tuple[str, str, str]]:
    """Return each image with the field of its name and the place of its tag."""
    found = kustomized_images(text.encode(), path)
    return [(use.image, field_path(use.path), str(use.location)) for use in found]


@pytest.mark.parametrize(
    ("entry", "image", "field"),
    [
        ("{name: a, newTag: '1'}", "a:1", "name"),
        ("{name: a, newName: b, newTag: '1'}", "b:1", "newName"),
        ("{newName: b, newTag: '1'}", "b:1", "newName"),
        (f"{{name: a, newTag: '1', digest: '{DIGEST}'}}", f"a:1@{DIGEST}", "name"),
    ],
)
def test_an_entry_of_a_kustomization_names_its_image_by_the_new_name(
    entry: str, image: str, field: str
) -> None:
    column = entry.index("newTag") + 14
    (found,) = _kustomized(f"images: [x, {entry}]\n")
    assert found == (image, f"images[1].{field}", f"kustomization.yaml:1:{column - 1}")


@pytest.mark.parametrize(
    "text",
    [
        "images: [{newTag: '1'}]",
        "images: [{name: a, newTag: 1}]",
        "images: [{name: 1, newTag: '1'}]",
        "images: [{name: a, newTag: ''}]",
        "- {images: [{name: a, newTag: '1'}]}",
        "kind: Pod\nimages: [{name: a, newTag: '1'}]",
        "kind: ''\nimages: [{name: a, newTag: '1'}]",
        "items: []\nimages: [{name: a, newTag: '1'}]",
        f"{KUSTOMIZATION.replace('Kustomization', chr(39) * 2)}images: [{{name: a, newTag: '1'}}]",
        "apiVersion: v1\nimages: [{name: a, newTag: '1'}]",
        "apiVersion: 1\nimages: [{name: a, newTag: '1'}]",
        "images: [",
    ],
)
def test_what_is_no_entry_of_a_kustomization_names_nothing(text: str) -> None:
    assert _kustomized(text) == []


@pytest.mark.parametrize("kind", ["", "kind: Kustomization\n", "kind: Component\n"])
def test_a_kustomization_without_a_version_is_known_by_the_name_of_its_file(kind: str) -> None:
    text = f"{kind}images: [{{name: a, newTag: '1'}}]\n"
    assert [image for image, _, _ in _kustomized(text, "a/Kustomization")] == ["a:1"]
    assert _kustomized(text, "a/other.yaml") == []
