"""What `gate admit --pinned` wrote, applied with the real kubectl, is what the pass binds.

For every kind that the API server stores by itself: the object that it then holds is cut down to
the fields that were declared, and has the digest that is in the signed pass.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.manifests.canonical import object_digest
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.image import ImageReference
from tests.interop.kubernetes.api_server import ApiServer, local_kubectl
from tests.interop.kubernetes.manifests import every_kind
from tests.interop.kubernetes.releases import IMAGE, Admitted, admitted_release


@pytest.fixture(scope="module")
def admitted(tmp_path_factory: pytest.TempPathFactory) -> Admitted:
    return admitted_release(tmp_path_factory.mktemp("release"), every_kind())


def test_what_was_written_is_applied_and_stored_as_the_pass_binds_it(
    admitted: Admitted, api_server: ApiServer, tmp_path: Path
) -> None:
    declared = list(yaml.safe_load_all(admitted.text))
    assert {_kind(value) for value in declared} == _stored_kinds(api_server)
    (tmp_path / "apply.yaml").write_text(admitted.text)
    try:
        done = api_server.kubectl("apply", "--filename", str(tmp_path / "apply.yaml"))
        assert done.returncode == 0, done.stderr
        done = api_server.kubectl("get", "--filename", str(tmp_path / "apply.yaml"), "-o", "json")
        assert done.returncode == 0, done.stderr
    finally:
        _delete(api_server, tmp_path / "apply.yaml")
    live = json.loads(done.stdout)["items"]
    assert [_kind(value) for value in live] == [_kind(value) for value in declared]
    cut = [_declared(*pair) for pair in zip(live, declared, strict=True)]
    assert cut == declared
    assert _digests(cut) == admitted.digests
    assert len(admitted.digests) == len(declared)


def test_an_object_that_was_changed_in_the_cluster_has_another_digest(admitted: Admitted) -> None:
    declared = list(yaml.safe_load_all(admitted.text))
    assert _digests(declared) == admitted.digests
    changed = [{**declared[0], "metadata": {"name": "other"}}, *declared[1:]]
    assert len(_digests(changed) & admitted.digests) == len(declared) - 1


def test_every_image_was_pinned_to_its_digest(admitted: Admitted) -> None:
    named = admitted.text.count(IMAGE)
    assert named > 10
    assert admitted.text.count(f"{IMAGE}@sha256:") == named


def test_kubectl_reads_the_objects_that_gate_wrote(admitted: Admitted, tmp_path: Path) -> None:
    """Without a server: `kubectl label --local` decodes a file as `kubectl apply` does."""
    path = tmp_path / "apply.yaml"
    path.write_text(admitted.text)
    done = local_kubectl("label", "--local", "--filename", str(path), "-o", "json", "x=y")
    assert done.returncode == 0, done.stderr
    read = [_without_label(value) for value in _concatenated(done.stdout)]
    assert read == [_without_label(value) for value in yaml.safe_load_all(admitted.text)]


def _concatenated(text: str) -> list[dict[str, Any]]:
    decoder, at = json.JSONDecoder(), 0
    values: list[dict[str, Any]] = []
    while at < len(text.rstrip()):
        value, at = decoder.raw_decode(text, at)
        at += len(text[at:]) - len(text[at:].lstrip())
        values += value["items"] if value["kind"] == "List" else [value]
    return values


def _without_label(value: dict[str, Any]) -> dict[str, Any]:
    labels = {k: v for k, v in value["metadata"].get("labels", {}).items() if k != "x"}
    rest = {k: v for k, v in value["metadata"].items() if k != "labels"}
    return {**value, "metadata": {**rest, "labels": labels}}


def _stored_kinds(server: ApiServer) -> set[tuple[str, str]]:
    """Return the version and the kind of all that can be applied and read again.

    Kinds that other tests define on the same server are in groups of reserved names.
    """
    reserved = (".example", ".example.org", ".example.com")
    groups = [g for g in server.get("/apis")["groups"] if not g["name"].endswith(reserved)]
    versions = ["v1", *(v["groupVersion"] for group in groups for v in group["versions"])]
    needed = {"create", "get", "patch"}
    return {
        (version, resource["kind"])
        for version in versions
        for resource in server.get(f"/{'api' if version == 'v1' else 'apis'}/{version}")[
            "resources"
        ]
        if "/" not in resource["name"] and needed <= set(resource["verbs"])
    }


def _kind(value: Mapping[str, Any]) -> tuple[str, str]:
    return value["apiVersion"], value["kind"]


def _declared(live: Any, declared: Any) -> Any:  # noqa: ANN401  # any JSON values
    """Return what is live at the fields that were declared, and at no others."""
    if isinstance(declared, dict) and isinstance(live, dict):
        return {key: _declared(live[key], part) for key, part in declared.items() if key in live}
    if isinstance(declared, list) and isinstance(live, list) and len(live) == len(declared):
        return [_declared(*pair) for pair in zip(live, declared, strict=True)]
    return live


def _digests(values: list[dict[str, Any]]) -> frozenset[str]:
    """Return the digest of each object, as a pass has it."""
    texts = (json.dumps(value, ensure_ascii=False) for value in values)
    text = "".join(f"---\n{one}\n" for one in texts).replace("\u2028", "\\u2028")
    manifests = load_manifests([("live.yaml", text.encode())])
    assert len(manifests.objects) == len(values)
    bound = {}
    for use in image_uses(manifests.objects).uses:
        reference = ImageReference.parse(use.image)
        bound[use.image] = f"{reference.name}@{reference.digest}"
    return frozenset(str(object_digest(obj, bound)) for obj in manifests.objects)


def _delete(server: ApiServer, path: Path) -> subprocess.CompletedProcess[str]:
    """Take everything away again, for the tests that share the server."""
    return server.kubectl("delete", "--wait=false", "--force", "--filename", str(path))
