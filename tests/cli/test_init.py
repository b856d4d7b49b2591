"""`gate init`, as a person calls it in a new repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from gate.cli.reads.project import find_checkout
from gate.keys.private import generate, private_pem
from tests.acceptance.release import write_layout
from tests.builders.commands import called
from tests.conformance.sigstore_recorded import FOLDER, recorded

NAME = "ghcr.io/slsa-framework/example"
LAYOUT = FOLDER / "oci-layouts" / "slsa-verifier-v1.10.0"
ROOT = Path.cwd()


def gate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return called(*arguments, folder=folder)


def repository(folder: Path, url: str) -> Path:
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text(
        f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n'
    )
    return folder


@pytest.mark.parametrize(
    ("url", "remote", "ci"),
    [
        ("https://github.com/acme/shop.git", ("github.com", "acme/shop"), "github"),
        ("git@github.com:acme/shop.git", ("github.com", "acme/shop"), "github"),
        ("ssh://git@gitlab.com:22/a/b/c.git", ("gitlab.com", "a/b/c"), "gitlab"),
        ("https://user:secret@GitHub.com/acme/shop", ("github.com", "acme/shop"), "github"),
        ("https://git.acme.example/shop.git", ("git.acme.example", "shop"), None),
        ("/srv/git/shop.git", None, None),
        ("ext::sh -c evil", None, None),
    ],
)
def test_a_repository_is_known_by_where_it_comes_from(
    tmp_path: Path, url: str, remote: tuple[str, str] | None, ci: str | None
) -> None:
    found = find_checkout(repository(tmp_path, url))
    assert (found.remote, found.ci) == (remote, ci)


def test_the_ci_system_is_the_one_whose_files_are_there(tmp_path: Path) -> None:
    repository(tmp_path, "https://github.com/acme/shop.git")
    (tmp_path / ".gitlab-ci.yml").write_text("")
    assert find_checkout(tmp_path).ci == "gitlab"


def test_a_folder_outside_of_any_repository_tells_nothing(tmp_path: Path) -> None:
    found = find_checkout(tmp_path)
    assert (found.remote, found.ci) == (None, None)


@recorded
def test_the_proposal_for_a_signed_image_clears_that_image(tmp_path: Path) -> None:
    repository(tmp_path, "https://github.com/slsa-framework/example.git")
    image = json.loads((LAYOUT / "index.json").read_bytes())["manifests"][0]["digest"]
    where = ["--layout", f"{NAME}={LAYOUT}", "--image", f"{NAME}@{image}"]
    done = gate(tmp_path, "init", *where)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{NAME}: provenance" in done.stdout
    assert ".github/workflows/release.yml" in done.stdout
    checked = gate(tmp_path, "check", "--dry-run", "--format", "json", *where)
    assert json.loads(checked.stdout)["verdict"] == "cleared"
    schema = json.loads((tmp_path / ".gate.schema.json").read_text())
    policy = (tmp_path / ".gate.yaml").read_text()
    assert policy.startswith("# yaml-language-server: $schema=.gate.schema.json\n")
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(policy))


@recorded
def test_the_proposal_blocks_the_image_of_another_repository(tmp_path: Path) -> None:
    where = ["--layout", f"{NAME}={LAYOUT}", "--layout", f"ghcr.io/other/example={LAYOUT}"]
    image = json.loads((LAYOUT / "index.json").read_bytes())["manifests"][0]["digest"]
    assert gate(tmp_path, "init", *where, "--image", f"{NAME}@{image}").returncode == 0
    other = f"ghcr.io/other/example@{image}"
    done = gate(tmp_path, "check", "--dry-run", "--format", "json", *where, "--image", other)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert "image-not-covered" in {finding["code"] for finding in report["findings"]}


def test_a_policy_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / ".gate.yaml").write_text("mine")
    done = gate(
        tmp_path, "init", "--plain-http", "localhost:1", "--image", "localhost:1/acme/shop:1"
    )
    assert (done.returncode, "[policy-exists]" in done.stderr) == (2, True)
    assert (tmp_path / ".gate.yaml").read_text() == "mine"
    assert "\n-mine\n" in done.stdout, "what gate would write now is shown as a difference"
    assert "\n+    digest: required\n" in done.stdout


def test_without_any_image_nothing_is_written_and_the_next_step_is_named(tmp_path: Path) -> None:
    done = gate(tmp_path, "init")
    assert (done.returncode, "--image" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_registry_that_does_not_answer_is_said_in_the_policy_and_proposes_no_trust(
    tmp_path: Path,
) -> None:
    dead = "localhost:1"
    done = gate(tmp_path, "init", "--plain-http", dead, "--image", f"{dead}/acme/shop:1")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == (
        f"this policy asks for no signature of 1 image, only for its digest: {dead}/acme/shop; "
        "sign them and run gate init --force, or accept it with --accept-digests-only"
    )
    assert "It could not be looked at: unreachable" in done.stdout
    policy = (tmp_path / ".gate.yaml").read_text()
    assert "It could not be looked at: unreachable" in policy
    assert yaml.safe_load(policy)["images"] == [
        {"match": f"{dead}/acme/shop", "digest": "required"}
    ]


def test_an_unknown_ci_system_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    done = gate(tmp_path, "init", "--ci", "jenkins", "--image", "ghcr.io/acme/shop:1")
    assert (done.returncode, "[ci-unknown]" in done.stderr) == (2, True)
    assert "github, gitlab" in done.stderr


def test_several_folders_of_manifests_are_named_as_each_ci_system_takes_them(
    tmp_path: Path,
) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: IMAGE}]}\n"
    for name in ("a b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pod.yaml").write_text(pod.replace("IMAGE", "localhost:1/x/y:1"))
    done = gate(
        tmp_path, "init", "--accept-digests-only", "--plain-http", "localhost:1", "a b", "c"
    )
    assert done.returncode == 0, done.stderr
    assert "gate check --dry-run --plain-http localhost:1 'a b' c\n" in done.stdout
    assert done.stdout.count('      manifests: "a b\\nc"\n') == 2


def test_what_a_plain_key_signed_is_said_with_how_to_name_the_key(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    write_layout(tmp_path / "images", tmp_path / "root")
    (tmp_path / "build.key").write_bytes(private_pem(generate()))
    where = ["--layout", "registry.example/shop=images"]
    name = "registry.example/shop:1.0"
    assert gate(tmp_path, "sign", "--key", "build.key", *where, name).returncode == 0
    done = gate(tmp_path, "init", *where, "--image", name)
    assert "registry.example/shop: It is signed with a key, which tells no name\n" in done.stdout
    assert "put the public key beside the policy, or name it with `gate init --key FILE`" in (
        done.stdout
    )


ORDERLY = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {a: b}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  serviceAccountName: shop
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: c
      image: registry.example/shop:1.0
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      resources:
        requests: {cpu: 50m, memory: 64Mi}
        limits: {cpu: 200m, memory: 64Mi}
"""
WHERE = ("--layout", "registry.example/shop=images")


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """Return a folder with a signed image, the key that signed it and one that may sign passes."""
    (tmp_path / "root").mkdir()
    write_layout(tmp_path / "images", tmp_path / "root")
    for name in ("build", "gate"):
        assert gate(tmp_path, "keygen", name).returncode == 0
    name = "registry.example/shop:1.0"
    assert gate(tmp_path, "sign", "--key", "build.key", *WHERE, name).returncode == 0
    (tmp_path / "app.yaml").write_text(ORDERLY)
    return tmp_path


def test_from_a_signed_image_to_an_admitted_release_nothing_is_written_by_hand(
    signed: Path,
) -> None:
    calls = (
        ("init", *WHERE, "app.yaml"),
        ("check", *WHERE, "app.yaml"),
        ("admit", "--policy", "admit.yaml", "--pinned", "apply.yaml", *WHERE, "app.yaml"),
    )
    for call in calls:
        done = gate(signed, *call)
        assert done.returncode == 0, (call, done.stdout, done.stderr)
    policy = yaml.safe_load((signed / ".gate.yaml").read_text())
    assert policy["signers"] == {"build": {"key": "build.pub"}}
    assert policy["images"] == [{"match": "registry.example/shop", "signature": {"by": ["build"]}}]
    assert policy["pass"]["sign"] == {"key": "gate.key"}
    assert "@sha256:" in (signed / "apply.yaml").read_text()


def test_the_folder_of_gates_own_files_holds_nothing_that_blocks(signed: Path) -> None:
    assert gate(signed, "init", *WHERE, "app.yaml").returncode == 0
    done = gate(signed, "check", "--dry-run", "--format", "json", *WHERE, ".")
    assert json.loads(done.stdout)["verdict"] == "cleared", done.stdout


def test_a_second_call_changes_nothing_and_an_edited_policy_is_shown_as_a_difference(
    signed: Path,
) -> None:
    def files() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in signed.iterdir() if p.is_file()}

    assert gate(signed, "init", *WHERE, "app.yaml").returncode == 0
    before = files()
    assert gate(signed, "init", *WHERE, "app.yaml").returncode == 0
    assert files() == before
    for name, old, new in (
        (".gate.yaml", "profile: gate", "profile: restricted"),
        ("admit.yaml", "max-age: 24h", "max-age: 1h"),
    ):
        edited = before[name].decode().replace(old, new)
        (signed / name).write_text(edited)
        done = gate(signed, "init", *WHERE, "app.yaml")
        assert (done.returncode, f"{name} is there already" in done.stderr) == (2, True)
        assert (f"-  {new}" in done.stdout or f"-      {new}" in done.stdout) is True
        assert (signed / name).read_text() == edited
        assert gate(signed, "init", "--force", *WHERE, "app.yaml").returncode == 0
        assert files() == before


def test_the_key_that_signed_the_image_is_never_proposed_for_the_pass(signed: Path) -> None:
    for half in ("key", "pub"):
        (signed / f"gate.{half}").write_bytes((signed / f"build.{half}").read_bytes())
    done = gate(signed, "init", *WHERE, "app.yaml")
    assert done.returncode == 0, done.stderr
    assert "pass" not in yaml.safe_load((signed / ".gate.yaml").read_text())
    assert not (signed / "admit.yaml").exists()
    assert "make the key that signs passes: gate keygen gate" in done.stdout


def test_a_key_that_the_call_names_is_tried_wherever_it_lies(signed: Path) -> None:
    (signed / "elsewhere").mkdir()
    (signed / "build.pub").rename(signed / "elsewhere/cosign.pub")
    call = ("init", "--key", "elsewhere/cosign.pub", *WHERE, "app.yaml")
    assert gate(signed, *call).returncode == 0
    signers = yaml.safe_load((signed / ".gate.yaml").read_text())["signers"]
    assert signers == {"cosign": {"key": "elsewhere/cosign.pub"}}


def test_a_private_key_is_not_taken_for_a_public_one(signed: Path) -> None:
    done = gate(signed, "init", "--key", "build.key", *WHERE, "app.yaml")
    assert (done.returncode, "[key-unusable]" in done.stderr) == (2, True)
    assert "this is a private key" in done.stderr


def test_the_next_step_is_a_call_with_the_same_places_and_paths(tmp_path: Path) -> None:
    (tmp_path / "my manifests").mkdir()
    (tmp_path / "my manifests/pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
        "spec: {containers: [{name: c, image: 'localhost:1/acme/shop:1'}]}\n"
    )
    options = ("--policy", "p.yaml", "--plain-http", "localhost:1")
    done = gate(tmp_path, "init", *options, "my manifests")
    (line,) = [line for line in done.stdout.splitlines() if "then run: " in line]
    assert line.partition("then run: ")[2] == (
        "gate check --dry-run --policy p.yaml --plain-http localhost:1 'my manifests'"
    )


def test_a_registry_at_a_private_address_is_said_with_the_option_that_names_it(
    tmp_path: Path,
) -> None:
    done = gate(tmp_path, "init", "--image", "127.0.0.1:1/acme/shop:1")
    assert "name 127.0.0.1:1 under `private` in the file of --registries, or with --plain-http" in (
        done.stdout
    )


def job_of(printed: str, name: str) -> dict[str, object]:
    """Return the inputs that `gate init` prints for one CI system."""
    text = printed.split("put this into .gitlab-ci.yml")[1 if name == "gitlab" else 0]
    start = "include:\n" if name == "gitlab" else "  gate:\n"
    piece = yaml.safe_load(start + text.split(start)[1].split("\n\n")[0])
    inputs: dict[str, object] = (
        piece["include"][0]["inputs"] if name == "gitlab" else piece["gate"]["with"]
    )
    return inputs


def test_the_job_for_a_ci_system_has_the_key_and_the_registries_file_of_the_call(
    signed: Path,
) -> None:
    (signed / "registries.yaml").write_text("private: [registry.acme.example]\n")
    done = gate(signed, "init", *WHERE, "--registries", "registries.yaml", "app.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    both = {"manifests": "app.yaml", "registries": "registries.yaml"}
    assert job_of(done.stdout, "github") == both
    gitlab = job_of(done.stdout, "gitlab")
    assert {**both, "key-path": "gate.key"} == {
        key: value for key, value in gitlab.items() if key not in {"source", "commit"}
    }
    assert "write `sign: {keyless: true}` into .gate.yaml" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "then run: " in line]
    assert line.endswith(f" --layout {WHERE[1]} --registries registries.yaml app.yaml")


def test_a_registries_file_outside_of_the_checkout_is_no_input_of_a_job(signed: Path) -> None:
    (signed / "registries.yaml").write_text("private: [registry.acme.example]\n")
    outside = str(signed / "registries.yaml")
    done = gate(signed, "init", *WHERE, "--registries", outside, "app.yaml")
    assert job_of(done.stdout, "github") == {"manifests": "app.yaml"}


def test_a_job_with_an_identity_is_told_of_no_key(tmp_path: Path) -> None:
    repository(tmp_path, "https://gitlab.com/acme/shop.git")
    done = gate(
        tmp_path, "init", "--accept-digests-only", "--plain-http", "localhost:1",
        "--image", "localhost:1/x/y:1",
    )  # fmt: skip
    assert "key-path" not in done.stdout
    assert "keyless: true}` into" not in done.stdout
