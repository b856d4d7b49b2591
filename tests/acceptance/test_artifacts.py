"""A chart pushed by the real helm, and a bundle, on docker-registry: judged, passed, admitted.

The commands are those of docs/gitops.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from gate.model.image import ImageReference
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.oci.written import descriptor_of, encode
from gate.registry.packed import FLUX_CONTENT
from tests.acceptance.debian_registry import debian_registry
from tests.acceptance.own_program import environment
from tests.acceptance.quick_start import FILES, HOST, Folder
from tests.acceptance.release import MANIFEST_TYPE, write_layout
from tests.builders.artifacts import FLUX_CONFIG, packed
from tests.interop.tools import required

PAGE = (Path(__file__).parents[2] / "docs/gitops.md").read_text()
RECIPES = dict(re.findall(r"(?ms)^```sh (\w+)\n(.*?)^```$", PAGE))
(ENTRIES,) = re.findall(r"(?ms)^```yaml\n(images:\n  - match: localhost.*?)^```$", PAGE)
HELM = "go install helm.sh/helm/v3/cmd/helm@v3.19.0"
KEYS = """\
gate keygen build
gate keygen gate
gate sign --key build.key localhost:5000/acme/shop:1.0
gate init shop.yaml
"""
SIGN = "gate sign --key build.key oci://localhost:5000/acme/deploy:1.0\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """A repository with a signed image and a chart that names it by a value, and both policies."""
    helm = required("helm", HELM)
    base = tmp_path_factory.mktemp("artifacts")
    work, root = base / "work", base / "root"
    work.mkdir()
    root.mkdir()
    (root / "program").write_text("#!/bin/sh\n")
    write_layout(base / "image", root)
    template = FILES["shop.yaml"].replace("name: shop, namespace", "name: web, namespace")
    files = {
        **FILES,
        "production.yaml": f"image: {HOST}/acme/shop:1.0\n",
        "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "chart/templates/web.yaml": template.replace(
            f"{HOST}/acme/shop:1.0", "{{ .Values.image }}"
        ),
    }
    with debian_registry(base) as registry:
        registry.copy(f"oci:{base / 'image'}:1.0", "acme/shop:1.0")
        host = registry.host.replace("127.0.0.1", "localhost")
        for name, text in files.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text.replace(HOST, host))
        known = environment(base) | {"GATE_REGISTRIES": "registries.yaml"}
        known["PATH"] = os.pathsep.join([str(Path(helm).parent), known["PATH"]])
        folder = Folder(work, host, known)
        folder.run(KEYS)
        write_entries(folder)
        yield folder


def write_entries(folder: Folder) -> None:
    """Write the entries of the page, and one for bundles; accept the policy in admit.yaml."""
    more = "  - match: localhost:5000/acme/deploy\n    signature: {by: [build]}\n"
    images = yaml.safe_load((ENTRIES + more).replace(HOST, folder.host))["images"]
    policy = yaml.safe_load((folder.path / ".gate.yaml").read_text())
    said = {"images": images, "registries": {"allow": [f"{folder.host}/acme"]}}
    (folder.path / ".gate.yaml").write_text(yaml.safe_dump(policy | said))
    digest = re.findall(r"sha256:[0-9a-f]{64}", folder.run("gate policy"))[0]
    folder.edit("admit.yaml", r"sha256:[0-9a-f]{64}", digest)


def push_bundle(folder: Folder, tag: str, files: dict[str, str]) -> str:
    """Push manifests as `flux push artifact` does; return the digest."""
    archive = packed({name: text.replace(HOST, folder.host) for name, text in files.items()})
    manifest = encode(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": descriptor_of(FLUX_CONFIG, b"{}"),
            "layers": [descriptor_of(FLUX_CONTENT, archive)],
        }
    )
    host = folder.host
    with RegistryClient(RegistryConfiguration(insecure_hosts=frozenset({host}))) as client:
        place = client.own_repository(ImageReference.parse(f"{host}/acme/deploy:{tag}"))
        place.put_blob(b"{}")
        place.put_blob(archive)
        assert place.put_tag(tag, manifest, MANIFEST_TYPE, over=place.tagged(tag))
        stored = place.tagged(tag)
    assert stored is not None
    return str(stored.digest)


def digest_of(folder: Folder, name: str) -> str:
    host = folder.host
    with RegistryClient(RegistryConfiguration(insecure_hosts=frozenset({host}))) as client:
        stored = client.own_repository(ImageReference.parse(f"{host}/acme/shop")).tagged(name)
    assert stored is not None
    return str(stored.digest)


def test_a_chart_that_helm_pushed_is_judged_passed_and_admitted_until_its_tag_moves(
    project: Folder,
) -> None:
    printed = project.run(RECIPES["chart"])
    assert (printed.count("CLEARED"), printed.count("with helm v3")) == (2, 2)
    (applied,) = [one for one in yaml.safe_load_all((project.path / "web.yaml").read_text()) if one]
    (container,) = applied["spec"]["template"]["spec"]["containers"]
    assert container["image"].startswith(f"{project.host}/acme/shop:1.0@sha256:")
    push, admit = (RECIPES["chart"].splitlines()[i] for i in (1, 4))
    (project.path / "chart/templates/more.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {a: b}\n"
    )
    moved = project.run(f"helm package chart\n{push}\n{admit} || echo ended with $?\n")
    assert ("pass-absent" in moved, "ended with 1" in moved) == (True, True)
    assert not (project.path / "web.yaml").exists()


def test_a_bundle_is_admitted_by_the_digest_that_was_passed_and_no_other(
    project: Folder,
) -> None:
    pinned = FILES["shop.yaml"].replace("shop:1.0", f"shop:1.0@{digest_of(project, '1.0')}")
    digest = push_bundle(project, "1.0", {"deploy/shop.yaml": pinned, "README.md": "read\n"})
    project.run(SIGN)
    assert project.run(RECIPES["bundle"], DIGEST=digest).count("CLEARED") == 2
    other = push_bundle(project, "1.0", {"deploy/shop.yaml": pinned.replace("64Mi", "65Mi")})
    admit = RECIPES["bundle"].splitlines()[1]
    refused = project.run(f"{admit} || echo ended with $?\n", DIGEST=other)
    assert ("pass-absent" in refused, "ended with 1" in refused) == (True, True)
    assert "CLEARED" in project.run(admit, DIGEST=digest)
