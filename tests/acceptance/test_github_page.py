"""The quick start of docs/github.md, from an empty repository, on a private registry, by act."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

import yaml

from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from tests.acceptance.ci_tools import ROOT, commit, copy_action, tool, wheels
from tests.acceptance.own_program import environment
from tests.acceptance.page_commands import KUBECTL, ran
from tests.acceptance.private_registry import PASSWORD, USER, private_registry
from tests.acceptance.release import DEPLOYMENT, write_layout
from tests.fakes.sigstore import SigstoreServer, trusted_root

PAGE = (ROOT / "docs/github.md").read_text()
START = PAGE.split("## Quick start\n")[1].split("\n## ")[0]
PRIVATE = PAGE.split("## Private registries\n")[1].split("\n## ")[0]
CONSOLE = re.findall(r"(?ms)^```console\n(.*?)^```$", START)
PULL, RELEASE, ADMIT, DEPLOY = re.findall(r"(?ms)^```yaml\n(.*?)^```$", START)
GIVEN, LOGIN = re.findall(r"(?ms)^```yaml\n(.*?)^```$", PRIVATE)
REGISTRY, COMMIT = "registry.acme.example", "0123456789abcdef0123456789abcdef01234567"
GATE = (ROOT / ".github/workflows/release-gate.yml").read_text()
REUSABLE = f"acme/gate/.github/workflows/release-gate.yml@{COMMIT}"
DOCKER = f"""\
#!{sys.executable}
import base64, json, pathlib, sys
login = base64.b64encode(f"{{sys.argv[3]}}:{{sys.stdin.read()}}".encode()).decode()
file = pathlib.Path.home() / ".docker/config.json"
file.parent.mkdir(exist_ok=True)
file.write_text(json.dumps({{"auths": {{sys.argv[-1]: {{"auth": login}}}}}}))
"""
NOTHING = "name: nothing\nruns: {using: composite, steps: [{run: 'true', shell: bash}]}\n"


def commands() -> str:
    """Return what the page lets its reader type, but for how gate gets onto the machine."""
    lines = [line.removeprefix("$ ") for block in CONSOLE for line in block.splitlines()]
    assert [line.split()[:2] for line in lines[:2]] == [["git", "clone"], ["cd", "shop"]]
    return "\n".join(lines[2:])


def workflows(host: str, from_wheels: Path) -> dict[str, str]:
    """Return the workflows of the page, for a private registry as the page says."""
    both = "{manifests: k8s/}", "{manifests: k8s/, registries: registries.yaml}"
    pull = PULL.replace(*both).replace("      - uses: OWNER", f"{LOGIN}      - uses: OWNER")
    release = RELEASE.replace("    with: {manifests: k8s/}\n", GIVEN)
    deploy = DEPLOY.replace("{manifests: k8s/,", "{manifests: k8s/, registries: registries.yaml,")
    deploy = deploy.replace("      - id: admit", f"{LOGIN}      - id: admit")
    # Those who build have built: cosign's public instance is not asked here.
    release = re.sub(r"(?m)^      - run: cosign .*$", "      - run: 'true'", release)
    found = {"pull.yml": pull, "release.yml": release + deploy}
    for name, text in found.items():
        said = text.replace("OWNER", "acme").replace("COMMIT", COMMIT).replace(REGISTRY, host)
        # What the runner here does not have: a package index, `$/` and workflows of elsewhere.
        said = said.replace(
            "{manifests: k8s/, registries: registries.yaml",
            f'{{wheels: "{from_wheels}", manifests: k8s/, registries: registries.yaml',
        )
        found[name] = said.replace(REUSABLE, "./.github/workflows/release-gate.yml")
    gate = GATE.replace("$/actions/check", f"acme/gate/actions/check@{COMMIT}")
    found["release-gate.yml"] = f'{gate}          wheels: "{from_wheels}"\n'
    return found


def test_the_page_leads_from_an_empty_repository_to_what_is_applied(tmp_path: Path) -> None:
    act, from_wheels = tool("act"), wheels()
    shop, applied = tmp_path / "shop", tmp_path / "applied.yaml"
    for folder in ("shop/k8s", "shop/keys", "root", ".docker", "stub"):
        (tmp_path / folder).mkdir(parents=True)
    here = environment(tmp_path)
    for name, text in {"kubectl": KUBECTL, "docker": DOCKER}.items():
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "stub/action.yml").write_text(NOTHING)
    (tmp_path / "root/program").write_text("#!/bin/sh\n")
    write_layout(tmp_path / "image", tmp_path / "root")
    build = generate()
    (tmp_path / "build.key").write_bytes(private_pem(build))
    (tmp_path / "build.key").chmod(0o600)
    (shop / "keys/build.pub").write_bytes(public_pem(build.public_key()))
    with private_registry(tmp_path) as registry, SigstoreServer() as sigstore:
        # What is there before: a manifest, and the image that a build pushed and signed.
        image = f"{registry.host}/acme/shop"
        (shop / "k8s/shop.yaml").write_text(DEPLOYMENT.replace("IMAGE", f"{image}:1.0"))
        registry.copy(f"oci:{tmp_path / 'image'}:1.0", "acme/shop:1.0")
        (tmp_path / ".docker/config.json").write_text(registry.docker_config())
        before, init = commands().replace(REGISTRY, registry.host).split("gate init", 1)
        script = f"{before}\ngate sign --key ../build.key {image}:1.0\ngate init{init}"
        remote = "git init -q; git remote add origin https://github.com/acme/shop.git\n"
        printed = ran(["/bin/sh", "-e", "-c", f"{remote}{script}"], shop, here)
        assert "CLEARED" in printed
        written = yaml.safe_load((shop / "admit.yaml").read_text())["signers"]["gate"]
        assert written["source-repository"] == "https://github.com/acme/shop"
        shutil.rmtree(shop / ".git")
        (tmp_path / ".docker/config.json").unlink()
        local_sigstore(shop, sigstore, here)

        (shop / ".github/workflows").mkdir(parents=True)
        for name, text in workflows(registry.host, from_wheels).items():
            (shop / ".github/workflows" / name).write_text(text)
        commit(shop, "https://github.com/acme/shop.git")
        called = {f"acme/gate@{COMMIT}": copy_action(tmp_path / "action")}
        said = "".join(workflows(registry.host, from_wheels).values())
        called |= dict.fromkeys(
            re.findall(r"actions/[a-z-]+@[0-9a-f]{40}", said), tmp_path / "stub"
        )
        run = [
            *("--platform", "ubuntu-24.04=-self-hosted", "--no-cache-server"),
            *(p for name, at in called.items() for p in ("--local-repository", f"{name}={at}")),
            *("--secret", f"REGISTRY_USERNAME={USER}", "--secret", f"REGISTRY_PASSWORD={PASSWORD}"),
            *("--env", f"APPLIED={applied}"),
        ]
        job = [
            p for pair in sigstore.github_environment().items() for p in ("--env", "=".join(pair))
        ]
        log = ran(
            [act, "pull_request", "--workflows", ".github/workflows/pull.yml", *run], shop, here
        )
        assert "CLEARED" in log
        assert sigstore.requests.count("GET /token") == 0
        (tmp_path / ".docker/config.json").unlink()
        log = ran(
            [act, "push", "--workflows", ".github/workflows/release.yml", *run, *job], shop, here
        )
    (container,) = yaml.safe_load(applied.read_text())["spec"]["template"]["spec"]["containers"]
    digest = json.loads((tmp_path / "image/index.json").read_bytes())["manifests"][0]["digest"]
    assert container["image"] == f"{image}:1.0@{digest}", log


def local_sigstore(shop: Path, sigstore: SigstoreServer, here: dict[str, str]) -> None:
    """Let both policies name a Sigstore of one's own, and fill in what the page leaves open."""
    (shop / "trust.json").write_bytes(sigstore.trust_config())
    root = json.dumps(trusted_root(sigstore.sigstore)).encode()
    (shop / "root.json").write_bytes(root)
    policy = shop / ".gate.yaml"
    said, number = re.subn(
        r"  sign: .*", "  sign: {keyless: true, trust-config: trust.json}", policy.read_text()
    )
    assert number == 1
    policy.write_text(said)
    printed = ran(["gate", "policy"], shop, here)
    (digest,) = re.findall(r"\.gate\.yaml (sha256:[0-9a-f]{64})", printed)
    verifier = re.findall(r"verifier: (\S+)", said)[0]
    asked = ADMIT.replace("OWNER", "acme").replace("COMMIT", COMMIT).replace("sha256:…", digest)
    asked = asked.replace("https://acme.example/gate", verifier)
    asked = asked.replace("https://token.actions.githubusercontent.com", sigstore.url)
    asked = asked.replace(
        "images:\n",
        f"""\
    root: local
trusted-roots:
  local: {{file: root.json, sha256: {hashlib.sha256(root).hexdigest()}}}
images:
""",
    )
    (shop / "admit.yaml").write_text(asked)
    sigstore.oidc.claims["job_workflow_ref"] = REUSABLE
