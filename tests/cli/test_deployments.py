"""Deployment records at GitHub: written after admission alone, and never a part of the verdict."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from gate.cli.reads.places import Access
from gate.cli.runs.check import run_admit, run_check
from gate.cli.runs.deployments import deployments_of
from gate.errors import UsageError
from gate.model.report import Report
from gate.registry.elsewhere.github_deployments import GitHubDeployments
from tests.builders.artifacts import push_bundle
from tests.builders.commands import called
from tests.builders.packed_release import ADMIT, POD, PackedRelease
from tests.fakes.github import FakeGitHub
from tests.fakes.registry import FakeRegistry, Reply, error

TOKEN = "ghs_secret"  # a fake's
JOB = """\
---
apiVersion: batch/v1
kind: Job
metadata: {name: web, namespace: shop}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "IMAGE"}]}}}
"""


@dataclass
class World:
    release: PackedRelease
    github: FakeGitHub
    environment: dict[str, str] = field(default_factory=lambda: {"GITHUB_TOKEN": TOKEN})

    def admit(self, *options: str) -> tuple[int, str]:
        """Admit the manifests with the command; return its exit code and what it says."""
        Path("registries.yaml").write_text(
            f'plain-http: ["{self.release.registry.host}", "{self.github.host}"]\n'
            f"github: {{api: 'http://{self.github.host}'}}\n"
        )
        done = called(
            *("admit", "--policy", "admit.yaml", "--registries", "registries.yaml"),
            *("--pinned", "out.yaml", *options, "k8s"),
            environment={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
            | {"GITHUB_API_URL": f"http://{self.github.host}"}
            | self.environment,
        )
        assert TOKEN not in done.stdout + done.stderr
        return done.returncode, done.stderr

    def pass_it(self) -> Report:
        """Check the manifests, and write the deploy policy."""
        report = run_check(self.release.options("k8s")).report
        assert report.policy is not None
        Path("admit.yaml").write_text(ADMIT.replace("DIGEST", str(report.policy.digest)))
        return report


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    Path("k8s").mkdir()
    with FakeRegistry() as registry, FakeGitHub(token=TOKEN) as github:
        release = PackedRelease.make(tmp_path, registry)
        Path("k8s/web.yaml").write_text(POD.replace("IMAGE", release.image))
        yield World(release, github)


def test_each_place_of_an_admitted_release_is_recorded(world: World) -> None:
    report = world.pass_it()
    code, said = world.admit("--deployment-record", "acme/shop", "--cluster", "production-eu")
    assert (code, "gate: 1 of 1 deployments are recorded for acme\n" in said) == (0, True)
    (resolved,) = [one.resolved for one in report.images]
    assert resolved is not None
    assert world.github.deployments == {
        ("acme", "production", "production-eu", "shop-web-main"): {
            "name": f"{world.release.registry.host}/acme/shop",
            "digest": str(resolved.digest),
            "version": "1.0",
            "status": "deployed",
            "logical_environment": "production",
            "deployment_name": "shop-web-main",
            "cluster": "production-eu",
            "github_repository": "shop",
        }
    }
    assert Path("out.yaml").exists()


def test_nothing_is_recorded_where_nobody_asks_or_the_release_is_not_admitted(
    world: World,
) -> None:
    world.pass_it()
    assert world.admit()[0] == 0
    Path("k8s/web.yaml").write_text(POD.replace("IMAGE", world.release.image).replace("web", "x"))
    code, said = world.admit("--deployment-record", "acme")
    assert (code, "recorded" in said) == (1, False)
    assert world.github.requests == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (error(500, "BROKEN"), "answered HTTP 500"),
        (
            Reply(403, {}, b'{"message": "Resource not accessible by \\u001b[31mintegration"}'),
            "403",
        ),
        (Reply(404, {}, b"{}"), "Let the token write artifact metadata of acme"),
        (Reply(422, {}, b"[]"), "answered HTTP 422"),
        (Reply(403, {"x-ratelimit-remaining": "0"}, b""), "Run the step again later."),
        (Reply(201, {}, b"{}"), "answered HTTP 201"),
    ],
)
def test_a_record_that_is_not_taken_is_a_warning_and_the_release_stays_admitted(
    world: World, answer: Reply, said: str
) -> None:
    world.pass_it()
    world.github.script("POST", answer)
    code, told = world.admit("--deployment-record", "acme")
    assert (code, "0 of 1 deployments are recorded" in told, said in told) == (0, True, True)
    assert ("[deployment-not-recorded]" in told, "\x1b" in told) == (True, False)
    assert len(world.github.requests) == 1  # writing is not tried again


def test_the_token_goes_to_no_other_place_that_github_names(world: World) -> None:
    world.pass_it()
    with FakeGitHub(token=TOKEN) as other:
        away = Reply(307, {"location": f"http://{other.host}/orgs/acme"}, b"")
        world.github.script("POST", away)
        code, told = world.admit("--deployment-record", "acme")
        assert (code, "answered HTTP 307" in told, other.requests) == (0, True, [])


def test_a_wrong_token_is_a_warning_too_and_is_not_shown(world: World) -> None:
    world.pass_it()
    world.environment = {"GH_TOKEN": "ghs_other"}
    code, told = world.admit("--deployment-record", "acme")
    assert (code, "HTTP 401 (Bad credentials)" in told, "ghs_other" in told) == (0, True, False)


def test_after_failures_in_a_row_nothing_more_is_tried(world: World) -> None:
    pods = [POD.replace("IMAGE", world.release.image).replace("web", f"w{i}") for i in range(5)]
    Path("k8s/web.yaml").write_text("---\n".join(pods))
    world.pass_it()
    world.github.script("POST", error(500, "BROKEN"), forever=True)
    assert "0 of 5 deployments" in world.admit("--deployment-record", "acme")[1]
    assert world.github.asked("POST") == 3
    world.github.forget()
    world.github.script("POST", *[error(500, "BROKEN")] * 2)
    assert "3 of 5 deployments" in world.admit("--deployment-record", "acme")[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--deployment-record", "acme/shop/x"], "names no organization"),
        (["--deployment-record", "-acme"], "names no organization"),
        (["--deployment-record", "acme", "--cluster", "a b"], "names no cluster"),
        (["--cluster", "production-eu"], "names no organization"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_asked(
    world: World, options: list[str], said: str
) -> None:
    world.pass_it()
    world.release.registry.forget()
    code, told = world.admit(*options)
    assert (code, said in told, "[deployment-record-option]" in told) == (2, True, True)
    assert (world.release.registry.requests, world.github.requests) == ([], [])
    assert not Path("out.yaml").exists()


def test_without_a_token_the_call_is_wrong(world: World) -> None:
    world.pass_it()
    world.environment = {}
    code, told = world.admit("--deployment-record", "acme")
    assert (code, "the environment has no token for it" in told) == (2, True)


def test_the_api_is_that_of_the_file_or_of_the_job_and_plain_http_only_by_the_file() -> None:
    access = Access(environ={"GITHUB_TOKEN": TOKEN})
    assert deployments_of("acme", None, access).api == "https://api.github.com"
    own = {"GITHUB_API_URL": "https://github.acme.example/api/v3/", "GITHUB_TOKEN": TOKEN}
    assert deployments_of("acme", None, replace(access, environ=own)).api == (
        "https://github.acme.example/api/v3"
    )
    for wrong in ("http://github.acme.example", "https://u@github.acme.example", "https://a/?b"):
        plain = own | {"GITHUB_API_URL": wrong}
        with pytest.raises(UsageError, match="over https alone") as caught:
            deployments_of("acme", None, replace(access, environ=plain))
        assert caught.value.code == "deployment-record-option"
    assert TOKEN not in repr(deployments_of("acme", None, access))


def test_two_objects_of_one_name_are_two_deployments(world: World) -> None:
    text = POD.replace("IMAGE", world.release.image) + JOB.replace("IMAGE", world.release.image)
    Path("k8s/web.yaml").write_text(text)
    world.pass_it()
    assert "2 of 2" in world.admit("--deployment-record", "acme")[1]
    names = sorted(name for *_, name in world.github.deployments)
    assert names == ["shop-web-main-Job", "shop-web-main-Pod"]


def test_an_artifact_is_recorded_by_its_repository_and_what_needs_no_pass_is_not(
    world: World,
) -> None:
    release = world.release
    for name in ("base", "other"):
        release.sign(f"acme/{name}", release.registry.image(f"acme/{name}", "1.0"))
    text = POD.replace("IMAGE", release.image).replace(", namespace: shop", "")
    other = POD.replace("IMAGE", f"{release.registry.host}/acme/other:1.0").replace("web", "o")
    digest = push_bundle(
        release.registry, "acme/k8s/deploy", "1.4", {"a.yaml": text, "b.yaml": other}
    )
    release.sign("acme/k8s/deploy", digest)
    asked = release.options(
        release.named("acme/k8s/deploy:1.4"), images=[f"{release.registry.host}/acme/base:1.0"]
    )
    report = run_check(asked).report
    assert report.policy is not None
    without = (
        f'images:\n  - match: "{release.registry.host}/acme/other"\n    signature: {{by: [ci]}}\n'
        "    without-pass: of others\n"
    )
    admit = ADMIT.replace("DIGEST", str(report.policy.digest)).replace("images:\n", without)
    Path("admit.yaml").write_text(admit.replace("signers: {", "signers: {ci: {key: ci.pub}, "))
    place = GitHubDeployments(api=f"http://{world.github.host}", organization="acme", token=TOKEN)
    access = Access(plain_http=[release.registry.host, world.github.host])
    asked = replace(asked, policy="admit.yaml", access=access)
    assert run_admit(asked, pinned="out.yaml", deployments=place).cleared
    assert {(of, name) for of, *_, name in world.github.deployments} == {
        ("acme", "acme-base"),
        ("acme", "acme-k8s-deploy"),
        ("acme", "web-main"),
    }
    recorded = world.github.deployments["acme", "production", "", "acme-k8s-deploy"]
    assert (recorded["digest"], "cluster" in recorded) == (str(digest), False)


def test_a_name_that_github_would_not_take_is_cut_and_stays_one_of_a_kind(world: World) -> None:
    long = ["n" * 63, "o" * 200, "p" * 63]
    pods = [
        POD.replace("IMAGE", world.release.image)
        .replace("name: web, namespace: shop", f"name: {long[1]}{i}, namespace: {long[0]}")
        .replace("name: main", f"name: {long[2]}")
        for i in range(2)
    ]
    Path("k8s/web.yaml").write_text("---\n".join(pods))
    world.pass_it()
    assert "2 of 2" in world.admit("--deployment-record", "acme")[1]
    assert [len(name) for *_, name in world.github.deployments] == [256, 256]
