"""Digests written into manifests, and nothing else changed."""

from __future__ import annotations

import pytest

from gate.errors import DocumentError
from gate.manifests.pin import pin

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


@pytest.mark.parametrize("image", ["|-\n        nginx", ">-\n        nginx"])
def test_what_cannot_be_replaced_in_place_is_refused(image: str) -> None:
    with pytest.raises(DocumentError) as caught:
        pin(POD.replace("IMAGE   # why this one", image).encode(), "p.yaml", PINS)
    assert caught.value.code == "cannot-pin"


def test_an_alias_in_the_place_of_an_image_is_refused() -> None:
    text = POD.replace("{name: nginx, labels", "{name: &n nginx, labels").replace("IMAGE", "*n")
    with pytest.raises(DocumentError) as caught:
        pin(text.encode(), "p.yaml", PINS)
    assert caught.value.code == "cannot-pin"


def test_a_file_that_does_not_load_is_not_pinned() -> None:
    with pytest.raises(DocumentError) as caught:
        pin(b"a: [\n", "p.yaml", PINS)
    assert caught.value.code == "yaml-parse-error"
