"""The recipes of docs/gitops.md, each run as it is."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.acceptance.debian_registry import debian_registry
from tests.acceptance.own_program import environment
from tests.acceptance.quick_start import FILES, HOST, Folder
from tests.acceptance.release import write_layout
from tests.interop.tools import required

PAGE = Path(__file__).parents[2] / "docs/gitops.md"
RECIPES = dict(re.findall(r"(?ms)^```sh (\w+)\n(.*?)^```$", PAGE.read_text()))
KEYS = """\
gate keygen build
gate keygen gate
gate sign --key build.key localhost:5000/acme/shop:1.0
gate init shop.yaml
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\ndata: {a: b}\n"
CHART = "apiVersion: v2\nname: {}\nversion: 1.0.0\n"
SERVICES = 30


def service(name: str) -> str:
    text: str = FILES["shop.yaml"]
    return text.replace("name: shop, namespace", f"name: {name}, namespace")


def template() -> str:
    return service("{{ .Release.Name }}-{{ .Chart.Name }}").replace(
        "64Mi", "{{ .Values.global.memory }}"
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """A repository with an image that is signed, and both policies."""
    base = tmp_path_factory.mktemp("gitops")
    work, root = base / "work", base / "root"
    work.mkdir()
    root.mkdir()
    (root / "program").write_text("#!/bin/sh\n")
    write_layout(base / "image", root)
    files = {
        **FILES,
        "production.yaml": "global: {memory: 64Mi}\n",
        "chart/Chart.yaml": CHART.format("web"),
        "chart/templates/web.yaml": template(),
        "umbrella/Chart.yaml": CHART.format("all"),
        **{f"umbrella/charts/{n}/Chart.yaml": CHART.format(n) for n in ("cart", "till")},
        **{f"umbrella/charts/{n}/templates/web.yaml": template() for n in ("cart", "till")},
        "base/kustomization.yaml": "resources: [web.yaml]\n",
        "base/web.yaml": service("web"),
        "overlays/production/kustomization.yaml": "resources: [../../base]\nnamePrefix: eu-\n",
        "config/web.yaml": CONFIG,
        **{f"services/s{n:02}/web.yaml": service(f"s{n:02}") for n in range(1, SERVICES + 1)},
    }
    with debian_registry(base) as registry:
        registry.copy(f"oci:{base / 'image'}:1.0", "acme/shop:1.0")
        host = registry.host.replace("127.0.0.1", "localhost")
        for name, text in files.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text.replace(HOST, host))
        known = environment(base) | {"GATE_REGISTRIES": "registries.yaml"}
        folder = Folder(work, host, known)
        folder.run(KEYS)
        git = "git -c user.name=a -c user.email=a@example.com"
        folder.run(f"git init -q -b main && git add -A && {git} commit -qm all")
        yield folder


def played(project: Folder, recipe: str, *programs: str) -> str:
    found = [required(program, f"see .ci/run for {program}") for program in programs]
    path = os.pathsep.join([*(str(Path(p).parent) for p in found), project.environment["PATH"]])
    author = {
        f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    return project.run(RECIPES[recipe], PATH=path, **author)


def applied(text: str) -> dict[str, str | None]:
    """Return by name the image of each object, None where it has no digest."""
    objects = [one for one in yaml.safe_load_all(text) if one]
    found = {}
    for one in objects:
        (container,) = one["spec"]["template"]["spec"]["containers"]
        image = container["image"]
        found[one["metadata"]["name"]] = image if "@sha256:" in image else None
    return found


def test_argo_cd_reads_a_branch_that_holds_what_was_judged_and_nothing_else(
    project: Folder,
) -> None:
    printed = played(project, "argo", "helm")
    assert (printed.count("CLEARED"), printed.count("rendered chart with helm v")) == (2, 2)

    def git(*arguments: str) -> str:
        return subprocess.run(  # noqa: S603  # git of the one who tests
            ["git", *arguments],  # noqa: S607  # likewise
            cwd=project.path,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    assert git("ls-tree", "-r", "--name-only", "env/production") == "rendered/release.yaml\n"
    assert list(applied(git("show", "env/production:rendered/release.yaml"))) == ["web-web"]
    assert None not in applied(git("show", "env/production:rendered/release.yaml")).values()


def test_flux_reads_a_folder_of_plain_manifests_that_is_admitted_once_more(
    project: Folder,
) -> None:
    assert played(project, "flux", "kustomize").count("CLEARED") == 3
    assert list(applied((project.path / "deploy/release.yaml").read_text())) == ["eu-web"]


def test_an_umbrella_chart_is_one_release(project: Folder) -> None:
    assert played(project, "umbrella", "helm").count("CLEARED") == 2
    found = applied((project.path / "all.yaml").read_text())
    assert sorted(found) == ["all-cart", "all-till"]


def test_thirty_services_share_a_pass_and_one_is_deployed_alone(project: Folder) -> None:
    printed = played(project, "all")
    assert printed.count("CLEARED") == 3
    assert f"not in this deployment: {SERVICES - 1} objects" in printed
    found = applied((project.path / "services.yaml").read_text())
    assert (len(found), None in found.values()) == (SERVICES, False)


def test_services_of_one_image_have_a_pass_each(project: Folder) -> None:
    assert played(project, "each").count("CLEARED") == 6


def test_a_release_of_objects_alone_is_passed_beside_the_image_they_belong_to(
    project: Folder,
) -> None:
    printed = played(project, "configmap")
    assert printed.count("CLEARED") == 2
    assert "pass signed" in printed


def test_every_recipe_is_run() -> None:
    here = {"argo", "flux", "umbrella", "all", "each", "configmap"}
    assert set(RECIPES) == here | {"chart", "bundle"}  # these two are run by test_artifacts.py
