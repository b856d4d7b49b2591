"""The quick start of docs/gitlab.md, from an empty project, on a private registry."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import yaml

from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from tests.acceptance.ci_tools import ROOT, RUNNER, absent, commit, copy_action, node, wheels
from tests.acceptance.debian_registry import required
from tests.acceptance.own_program import environment
from tests.acceptance.page_commands import KUBECTL, ran
from tests.acceptance.private_registry import PASSWORD, USER, private_registry
from tests.acceptance.release import DEPLOYMENT, write_layout

PAGE = (ROOT / "docs/gitlab.md").read_text().split("## Quick start\n")[1].split("\n## ")[0]
CONSOLE = re.findall(r"(?ms)^```console\n(.*?)^```$", PAGE)
VARIABLES, JOBS = re.findall(r"(?ms)^```yaml\n(.*?)^```$", PAGE)
SERVER, REGISTRY = "gitlab.acme.example", "registry.gitlab.acme.example"


def commands() -> str:
    """Return what the page lets its reader type, but for how gate gets onto the machine."""
    lines = [line.removeprefix("$ ") for block in CONSOLE for line in block.splitlines()]
    assert lines[0].startswith("git clone ")
    assert lines[1].startswith("cd shop ")
    return "\n".join(lines[2:])


def test_the_page_leads_from_an_empty_project_to_what_is_applied(tmp_path: Path) -> None:
    required("rsync", "rsync")
    if not RUNNER.is_file():
        absent("gitlab-ci-local is not installed: .ci/run installs it into .ci/pipelines")
    from_wheels = wheels()
    (tmp_path / "code/acme").mkdir(parents=True)
    code = copy_action(tmp_path / "code/acme/gate.git")
    commit(code, f"https://{SERVER}/acme/gate.git")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607  # git of the one who tests
        cwd=code,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    shop, applied = tmp_path / "shop", tmp_path / "applied.yaml"
    for folder in ("shop/k8s", "shop/keys", "root", ".docker"):
        (tmp_path / folder).mkdir(parents=True)
    here = environment(tmp_path)
    (tmp_path / "bin/kubectl").write_text(KUBECTL)
    (tmp_path / "bin/kubectl").chmod(0o755)
    (tmp_path / ".gitconfig").write_text(
        f'[url "{code}"]\n  insteadOf = https://{SERVER}/acme/gate.git\n'
    )
    (tmp_path / "root/program").write_text("#!/bin/sh\n")
    write_layout(tmp_path / "image", tmp_path / "root")
    build = generate()
    (tmp_path / "build.key").write_bytes(private_pem(build))
    (tmp_path / "build.key").chmod(0o600)
    (shop / "keys/build.pub").write_bytes(public_pem(build.public_key()))
    with private_registry(tmp_path) as registry:
        # What is there before: a manifest, and the image that a build pushed and signed.
        image = f"{registry.host}/acme/shop"
        (shop / "k8s/shop.yaml").write_text(DEPLOYMENT.replace("IMAGE", f"{image}:1.0"))
        registry.copy(f"oci:{tmp_path / 'image'}:1.0", "acme/shop:1.0")
        (tmp_path / ".docker/config.json").write_text(registry.docker_config())
        script = commands().replace(REGISTRY, registry.host)
        signing, checking = script.split("gate init", 1)
        signed = f"{signing}\ngate sign --key ../build.key {image}:1.0\ngate init{checking}"
        remote = f"git init -q; git remote add origin https://{SERVER}/acme/shop.git\n"
        printed = ran(["/bin/sh", "-e", "-c", f"{remote}{signed}"], shop, here)
        assert "CLEARED" in printed
        shutil.rmtree(shop / ".git")
        secret = (shop / "keys/gate.key").rename(tmp_path / "secret")
        (tmp_path / ".docker/config.json").unlink()

        pipeline = VARIABLES + JOBS.replace("GROUP", "acme").replace("COMMIT", head)
        # The one line that the page does not have: the runner here has no package index.
        pipeline = pipeline.replace(
            "      manifests:", f"      wheels: {from_wheels}\n      manifests:"
        )
        (shop / ".gitlab-ci.yml").write_text(pipeline)
        commit(shop, f"https://{SERVER}/acme/shop.git")
        # What a server has at hand of another project, by its commit.
        held = shop / f".gitlab-ci-local/includes/{SERVER}/acme/gate/{head}/gitlab"
        shutil.copytree(ROOT / "gitlab", held)
        given = {
            "CI_REGISTRY": registry.host,
            "CI_REGISTRY_USER": USER,
            "CI_REGISTRY_PASSWORD": PASSWORD,
            "GATE_KEY": str(secret),
            "GITLAB_CI": "true",
        }
        log = ran(
            [
                *(node(), str(RUNNER), "--force-shell-executor", "--shell-isolation"),
                *(part for pair in given.items() for part in ("--variable", "=".join(pair))),
            ],
            shop,
            here | {"APPLIED": str(applied)},
        )
    report = json.loads(
        (shop / ".gitlab-ci-local/artifacts/gate/gate-report/gate.json").read_text()
    )
    assert (report["verdict"], report["pass"]["state"]) == ("cleared", "signed"), log
    (container,) = yaml.safe_load(applied.read_text())["spec"]["template"]["spec"]["containers"]
    assert container["image"] == f"{image}:1.0@{report['images'][0]['digest']}"


def test_the_page_has_no_step_that_is_not_run() -> None:
    assert len(CONSOLE) == 4
    assert [line.split()[1] for line in commands().splitlines() if line.startswith("gate ")] == [
        *("doctor", "init", "check"),
    ]
