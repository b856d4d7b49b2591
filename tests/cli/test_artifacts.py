"""Charts and bundles in a registry: judged with what is in them, passed, and admitted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from gate.cli.reads.places import Access
from gate.cli.reads.render_command import Rendering
from gate.cli.runs.check import run_admit, run_check
from gate.cli.runs.lint import run_lint
from gate.cli.runs.shards import read_shard, run_shard, shards_in
from gate.cli.runs.sign import SIGNATURE, Signing, run_sign
from gate.cli.runs.why import run_why
from gate.cli.writes.rooted import rooted
from gate.errors import UsageError
from gate.keys.private import private_pem
from gate.model.image import Digest
from gate.model.report import PassState, Report
from gate.registry.bounds import BOUNDS
from gate.registry.layout.repository import LayoutRepository
from gate.reports import sarif
from tests.builders.artifacts import (
    END,
    entry,
    packed,
    push,
    push_bundle,
    push_chart,
    tar_of,
)
from tests.builders.packed_release import HELM, POD, POLICY, PackedRelease, put_program
from tests.fakes.registry import OCI_MANIFEST, FakeRegistry, error

CHART = {"shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.4.0\n"}
PRIVILEGED = POD.replace("{containers", "{hostPID: true, containers")
TWO_ENTRIES = POLICY.replace(
    "images:\n",
    'images:\n  - match: "HOST/acme/charts/*"\n    signature: {by: [ci]}\n',
).replace(
    'match: "HOST/acme/**"\n    signature: {by: [ci]}',
    'match: "HOST/acme/**"\n    signature: {by: [ci]}\n    scan-age: {by: [ci], max-age: 7d}',
)


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackedRelease]:
    work, programs = tmp_path / "work", tmp_path / "bin"
    work.mkdir()
    programs.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path))
    put_program(programs, "helm", HELM)
    with FakeRegistry() as registry:
        yield PackedRelease.make(work, registry)


def bundle(release: PackedRelease, files: dict[str, str], tag: str = "1.4") -> Digest:
    digest = push_bundle(release.registry, "acme/deploy", tag, files)
    return release.sign("acme/deploy", digest)


def chart(release: PackedRelease, template: str, **more: str) -> Digest:
    """Push a signed chart of one template; the names of other files have _ for a slash."""
    files = CHART | {"shop/templates/web.yaml": template} | more
    digest = push_chart(release.registry, "acme/charts/shop", "1.4", packed(files))
    return release.sign("acme/charts/shop", digest)


def values(image: str) -> Rendering:
    Path("values.yaml").write_text(image)
    return Rendering(values=["values.yaml"])


def pod(release: PackedRelease) -> str:
    return POD.replace("IMAGE", release.image)


def blocking(report: Report) -> list[tuple[str, str]]:
    """Return the code of each finding that blocks, and what it is about."""
    return [(f.code, f.image or str(f.location)) for f in report.findings if f.action == "block"]


def undecided(report: Report) -> set[tuple[str, str]]:
    return {(one.outcome.code, one.subject) for one in report.undecided}


def test_a_chart_is_judged_with_the_images_that_its_values_name(release: PackedRelease) -> None:
    digest = chart(release, POD.replace("IMAGE", "{{ .Values.image }}"))
    report = release.check("acme/charts/shop:1.4", values(release.image)).report
    assert report.cleared
    name = f"{release.registry.host}/acme/charts/shop"
    assert str(report.images[0].resolved) == f"{name}@{digest}"
    assert [one.name for one in report.images] == [f"{name}:1.4", release.image]
    assert [(r.path, r.tool) for r in report.rendered] == [(f"oci://{name}:1.4", "helm")]
    other = release.check("acme/charts/shop:1.4", values("ghcr.io/evil/shop:1.0")).report
    assert ("registry-not-allowed", "ghcr.io/evil/shop:1.0") in blocking(other)


def test_what_is_in_a_bundle_is_linted_in_its_place_and_other_files_are_no_manifests(
    release: PackedRelease,
) -> None:
    files = {"deploy/web.yaml": f"# a\n{PRIVILEGED}".replace("IMAGE", release.image)}
    bundle(release, files | {"README.md": "{{", "bin/run": "\0"})
    report = release.check("acme/deploy:1.4").report
    at = f"{release.named('acme/deploy:1.4')}/deploy/web.yaml"
    assert blocking(report) == [("host-pid", f"{at}:5:8")]
    assert report.counts.files == 1
    bundle(release, {"deploy/web.yaml": pod(release), "README.md": "{{"})
    assert release.check("acme/deploy:1.4").report.cleared


def test_check_signs_a_pass_that_binds_the_digest_and_admit_demands_it(
    release: PackedRelease,
) -> None:
    digest = bundle(release, {"web.yaml": pod(release).replace("1.0", "1.0@" + shop(release))})
    name = f"acme/deploy@{digest}"
    assert blocking(release.admit(name))[0][0] == "pass-absent"
    signed = release.check(name, dry=False).report
    assert signed.passed is not None
    assert signed.passed.state is PassState.SIGNED
    assert signed.release is not None
    assert f"{release.registry.host}/acme/deploy@{digest}" in map(str, signed.release.images)
    assert release.admit(name).cleared


def shop(release: PackedRelease) -> str:
    return str(Digest.of(release.registry.tagged("acme/shop", "1.0")))


def test_a_tag_that_moved_after_the_check_is_not_admitted(release: PackedRelease) -> None:
    bundle(release, {"web.yaml": pod(release)})
    assert release.check("acme/deploy:1.4", dry=False).report.cleared
    assert release.admit("acme/deploy:1.4", pinned="out.yaml").cleared
    assert release.image in Path("out.yaml").read_text()
    moved = bundle(release, {"web.yaml": pod(release).replace("web", "other")})
    report = release.admit("acme/deploy:1.4", pinned="out.yaml")
    assert ("pass-absent", f"{release.registry.host}/acme/deploy@{moved}") in blocking(report)
    assert not Path("out.yaml").exists()


def test_other_objects_under_the_digest_that_was_passed_are_not_admitted(
    release: PackedRelease,
) -> None:
    template = POD.replace("IMAGE", "{{ .Values.image }}").replace("name: web", "name: NAME")
    chart(release, template.replace("NAME", "web"))
    given = values(release.image)
    assert release.check("acme/charts/shop:1.4", given, dry=False).report.cleared
    assert release.admit("acme/charts/shop:1.4", given, pinned="out.yaml").cleared
    other = values(f"{release.registry.host}/acme/shop:2.0")
    release.sign("acme/shop", release.registry.image("acme/shop", "2.0"))
    report = release.admit("acme/charts/shop:1.4", other, pinned="out.yaml")
    assert {code for code, _ in blocking(report)} == {"pass-absent", "pass-incomplete-release"}


def test_admit_refuses_a_tag_and_does_not_ask_for_it(release: PackedRelease) -> None:
    bundle(release, {"web.yaml": pod(release)})
    release.admit("acme/deploy:1.4", pinned="out.yaml")
    release.registry.forget()
    asked = release.options(release.named("acme/deploy:1.4"), policy="admit.yaml")
    report = run_admit(asked)
    host = release.registry.host
    assert (report.exit_code, blocking(report)) == (
        1,
        [("digest-required", f"{host}/acme/deploy:1.4")],
    )
    assert "oci://NAME@sha256:…" in report.findings[0].remedy
    assert release.registry.asked("") == 0


def test_an_artifact_without_its_own_signature_is_blocked(release: PackedRelease) -> None:
    digest = push_bundle(release.registry, "acme/deploy", "1.4", {"web.yaml": pod(release)})
    report = release.check("acme/deploy:1.4").report
    name = f"{release.registry.host}/acme/deploy@{digest}"
    assert blocking(report) == [("signature-absent", name)]
    (absent,) = [one for one in report.findings if one.code == "signature-absent"]
    named = f"oci://{release.registry.host}/acme/deploy:1.4"
    assert absent.remedy == f"sign it with `gate sign {named}` in the pipeline that pushes it"


def test_the_next_step_for_an_image_beside_an_artifact_speaks_of_the_image(
    release: PackedRelease,
) -> None:
    unsigned = release.registry.image("acme/bare", "1.0")
    name = f"{release.registry.host}/acme/bare@{unsigned}"
    bundle(release, {"web.yaml": POD.replace("IMAGE", name)})
    report = release.check("acme/deploy:1.4").report
    (absent,) = [one for one in report.findings if one.code == "signature-absent"]
    assert (absent.image, absent.remedy.startswith("sign the image with")) == (name, True)


def test_what_only_an_image_can_show_is_not_left_out_for_an_artifact(
    release: PackedRelease,
) -> None:
    digest = bundle(release, {"a.yaml": POD.replace("IMAGE", "x").replace("Pod", "Secret")})
    push_chart(release.registry, "acme/charts/shop", "1.4", packed(CHART))
    for asked in (
        "scan-age: {by: [ci], max-age: 7d}",
        "vulnerabilities: {by: [ci], fail-on: high}",
        'configuration: {labels: {is: "*"}}',
    ):
        release.write_policy(POLICY.replace("{by: [ci]}\nman", f"{{by: [ci]}}\n    {asked}\nman"))
        report = release.check("acme/deploy:1.4").report
        name = f"{release.registry.host}/acme/deploy@{digest}"
        assert ("check-not-for-artifacts", name) in blocking(report)
        assert undecided(report) == set()


def test_an_entry_of_its_own_says_what_a_chart_must_show(release: PackedRelease) -> None:
    chart(release, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n")
    release.write_policy(TWO_ENTRIES)
    assert release.check("acme/charts/shop:1.4").report.cleared


@pytest.mark.parametrize(
    ("name", "code"),
    [("evil/deploy:1.4", "registry-not-allowed"), ("acme/other:1.4", "image-not-covered")],
)
def test_an_artifact_that_its_name_blocks_is_not_asked_for(
    release: PackedRelease, name: str, code: str
) -> None:
    push_bundle(release.registry, name.partition(":")[0], "1.4", {"web.yaml": pod(release)})
    release.write_policy(POLICY.replace("acme/**", "acme/deploy"))
    report = release.check(name).report
    assert report.exit_code == 1
    assert (code, f"{release.registry.host}/{name}") in blocking(report)
    assert release.registry.asked("") == 0


def test_an_artifact_of_another_kind_is_undecided_as_ever(release: PackedRelease) -> None:
    release.sign("acme/deploy", push(release.registry, "acme/deploy", "1.4", [("a/b", b"x", {})]))
    report = release.check("acme/deploy:1.4").report
    assert (report.exit_code, undecided(report)) == (
        3,
        {("not-an-image", f"{release.registry.host}/acme/deploy:1.4")},
    )
    shop = release.check("acme/shop:1.0").report
    assert (shop.exit_code, undecided(shop)) == (3, {("not-an-artifact", release.image)})


def test_a_layer_whose_digest_lies_is_undecided_and_nothing_in_it_is_judged(
    release: PackedRelease,
) -> None:
    bundle(release, {"web.yaml": pod(release)})
    held = release.registry.blobs("acme/deploy")
    other = packed({"web.yaml": PRIVILEGED})
    (digest,) = [d for d, content in held.items() if content == packed({"web.yaml": pod(release)})]
    held[digest] = other
    report = release.check("acme/deploy:1.4").report
    assert (report.exit_code, report.counts.objects) == (3, 0)
    assert {code for code, _ in undecided(report)} <= {"digest-mismatch", "size-mismatch"}


def test_a_registry_that_failed_once_is_not_asked_again_without_the_objects(
    release: PackedRelease,
) -> None:
    bundle(release, {"web.yaml": PRIVILEGED})
    release.registry.script("acme/deploy/manifests/1.4", error(403, "DENIED"))
    report = release.check("acme/deploy:1.4").report
    assert (report.exit_code, {code for code, _ in undecided(report)}) == (3, {"denied"})
    assert blocking(release.check("acme/deploy:1.4").report) != []  # it answers now


@pytest.mark.parametrize(
    ("tar", "code"),
    [
        (entry("a.yaml", kind=b"2", link="/etc/passwd") + END, "archive-unsafe"),
        (tar_of({"../a.yaml": "a: 1\n"}), "archive-unsafe"),
        (tar_of({".git/a.yaml": "a: 1\n", "b.yaml": "a: 1\n"}), "archive-unsafe"),
        (tar_of({"a/b.jsonnet": "{}", "b.yaml": "a: 1\n"}), "archive-unsafe"),
        (b"no tar", "archive-malformed"),
    ],
)
def test_an_archive_that_is_not_taken_blocks_in_its_place(
    release: PackedRelease, tar: bytes, code: str
) -> None:
    kind = "application/vnd.oci.image.layer.v1.tar"
    digest = push(release.registry, "acme/deploy", "1.4", [(kind, tar, {})])
    release.sign("acme/deploy", digest)
    report = release.check("acme/deploy:1.4").report
    assert (report.exit_code, blocking(report)) == (
        1,
        [(code, f"{release.named('acme/deploy:1.4')}:1:1")],
    )


@pytest.mark.parametrize(
    "files",
    [
        {"shop/templates/a.yaml": "a: 1\n"},
        {**CHART, "other/a.yaml": "a: 1\n"},
        {"Chart.yaml": "name: shop\n"},
        {},
    ],
)
def test_a_chart_is_one_folder_with_its_chart_file(
    release: PackedRelease, files: dict[str, str]
) -> None:
    digest = push_chart(release.registry, "acme/charts/shop", "1.4", packed(files))
    release.sign("acme/charts/shop", digest)
    report = release.check("acme/charts/shop:1.4").report
    assert [code for code, _ in blocking(report)] == ["archive-malformed"]


def test_a_chart_that_is_another_one_when_it_is_unpacked_is_refused(
    release: PackedRelease,
) -> None:
    chart(release, pod(release), **{"shop/.helmignore": "templates/web.yaml\n"})
    report = release.check("acme/charts/shop:1.4").report
    assert [code for code, _ in blocking(report)] == ["render-differs"]
    assert "package it again with `helm package`" in report.findings[0].remedy
    chart(release, pod(release), **{"shop/.helmignore": "*.bak\n"})
    assert release.check("acme/charts/shop:1.4").report.cleared


def test_what_helm_refuses_blocks_and_names_no_folder_of_this_machine(
    release: PackedRelease, tmp_path: Path
) -> None:
    put_program(tmp_path / "bin", "helm", "sys.exit('Error: ' + sys.argv[3])\n")
    chart(release, pod(release))
    (found,) = release.check("acme/charts/shop:1.4").report.findings
    assert (found.code, str(found.location)) == (
        "render-failed",
        f"{release.named('acme/charts/shop:1.4')}/Chart.yaml:1:1",
    )
    assert "gate-artifact" not in found.message + found.remedy


def test_without_helm_a_chart_is_not_judged(release: PackedRelease, tmp_path: Path) -> None:
    (tmp_path / "bin/helm").unlink()
    chart(release, pod(release))
    with pytest.raises(UsageError, match="helm cannot be found on PATH, and the chart oci://") as e:
        release.check("acme/charts/shop:1.4")
    assert e.value.code == "renderer-missing"


def test_a_bundle_with_a_kustomization_is_rendered_as_its_folder_would_be(
    release: PackedRelease, tmp_path: Path
) -> None:
    put_program(tmp_path / "bin", "kustomize", f"print({pod(release)!r})\n")
    bundle(release, {"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": pod(release)})
    assert release.check("acme/deploy:1.4").report.cleared
    bundle(release, {"kustomization.yaml": "patches: []\n", "a.yaml": PRIVILEGED})
    at = f"{release.named('acme/deploy:1.4')}/a.yaml:1:1"
    assert blocking(release.check("acme/deploy:1.4").report) == [("render-or-apply", at)]
    assert release.check("acme/deploy:1.4", Rendering(asked=True)).report.cleared


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("kustomization.yaml", "resources: [../shop]"),
        ("kustomization.yml", "components: [/etc]"),
        ("a/b/Kustomization", "resources: [../c, ../../../shop]"),
        ("a/kustomization.yaml", "bases:\n- x/../../../shop"),
    ],
)
def test_a_kustomization_takes_nothing_from_the_machine_that_judges(
    release: PackedRelease, tmp_path: Path, path: str, named: str
) -> None:
    put_program(tmp_path / "bin", "kustomize", "open('started', 'w')\n")
    bundle(release, {path: f"{named}\n", "web.yaml": pod(release)})
    report = release.check("acme/deploy:1.4", Rendering(asked=True)).report
    assert [code for code, _ in blocking(report)] == ["archive-unsafe"]


def test_a_kustomization_may_name_another_folder_of_its_artifact(
    release: PackedRelease, tmp_path: Path
) -> None:
    put_program(tmp_path / "bin", "kustomize", f"print({pod(release)!r})\n")
    files = {"kustomization.yaml": "resources: [a/b]\n", "a/c/web.yaml": pod(release)}
    bundle(release, files | {"a/b/kustomization.yaml": "resources: [../c, ../c/web.yaml]\n"})
    assert release.check("acme/deploy:1.4").report.cleared


def test_the_policy_leaves_out_paths_as_they_are_in_the_artifact(release: PackedRelease) -> None:
    bundle(release, {"tests/a.yaml": PRIVILEGED, "web.yaml": pod(release)})
    release.write_policy(POLICY.replace("baseline}", "baseline, exclude: [tests]}"))
    report = release.check("acme/deploy:1.4").report
    assert (report.cleared, report.excluded.names) == (
        True,
        (f"{release.named('acme/deploy:1.4')}/tests/a.yaml",),
    )


def test_a_bundle_without_a_manifest_is_nothing_to_judge(release: PackedRelease) -> None:
    bundle(release, {"README.md": "read\n"})
    with pytest.raises(UsageError, match=r"holds no \.yaml, \.yml or \.json") as caught:
        release.check("acme/deploy:1.4")
    assert caught.value.code == "nothing-found"


def test_values_need_something_that_is_rendered(release: PackedRelease) -> None:
    bundle(release, {"web.yaml": pod(release)})
    with pytest.raises(UsageError) as caught:
        release.check("acme/deploy:1.4", values("x"))
    assert caught.value.code == "render-nothing"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("oci://ghcr.io/acme/shop", "write"),
        ("oci://ghcr.io/acme/shop:1.4+5", "write _ in place of +"),
        ("oci://", ""),
        ("oci://GHCR.io/Acme/shop:1", ""),
        ("oci:///etc/passwd:1", ""),
    ],
)
def test_a_name_that_means_no_one_version_is_refused(
    release: PackedRelease, name: str, said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        run_check(release.options(name), dry_run=True)
    assert caught.value.code == "artifact-malformed"
    assert said.removeprefix("write") in caught.value.remedy


def test_a_container_that_names_the_chart_as_its_image_is_not_cleared(
    release: PackedRelease,
) -> None:
    name = f"{release.registry.host}/acme/deploy:1.4"
    bundle(release, {"web.yaml": POD.replace("IMAGE", name)})
    report = release.check("acme/deploy:1.4").report
    assert (report.exit_code, undecided(report)) == (3, {("not-an-image", name)})


def test_an_artifact_that_could_not_be_read_is_not_cleared_by_a_container_that_runs_its_name(
    release: PackedRelease,
) -> None:
    Path("web.yaml").write_text(pod(release))
    assert run_check(release.options("web.yaml"), dry_run=True).report.cleared
    options = release.options(release.named("acme/shop:1.0"), "web.yaml")
    report = run_check(options, dry_run=True).report
    assert (report.exit_code, undecided(report)) == (3, {("not-an-artifact", release.image)})


def test_an_artifact_is_no_image_of_a_call_and_other_commands_read_files(
    release: PackedRelease,
) -> None:
    with pytest.raises(UsageError) as caught:
        run_check(release.options(images=["oci://ghcr.io/acme/shop:1.4"]), dry_run=True)
    assert caught.value.code == "artifact-as-image"
    with pytest.raises(UsageError, match="this command reads files") as lint:
        run_lint(
            ["oci://ghcr.io/acme/shop:1.4"], profile="gate", policy=None, kubernetes_version=None
        )
    assert lint.value.code == "nothing-found"


def test_an_artifact_is_judged_beside_files_and_other_artifacts(release: PackedRelease) -> None:
    bundle(release, {"web.yaml": pod(release)})
    chart(release, pod(release).replace("web", "other"))
    Path("c.yaml").write_text(pod(release).replace("web", "third"))
    names = [release.named(n) for n in ("acme/deploy:1.4", "acme/charts/shop:1.4")]
    report = run_check(release.options(*names, names[0], "c.yaml"), dry_run=True).report
    assert (report.cleared, report.counts.objects, report.counts.images) == (True, 3, 3)


def test_a_report_for_platforms_has_the_place_as_a_path(release: PackedRelease) -> None:
    bundle(release, {"deploy/web.yaml": PRIVILEGED.replace("IMAGE", release.image)})
    report = rooted(release.check("acme/deploy:1.4").report)
    run = json.loads(sarif.render(report))["runs"][0]
    places = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in run["results"]
    }
    host = release.registry.host.replace(":", "%3A")
    assert places == {f"oci/{host}/acme/deploy%3A1.4/deploy/web.yaml"}


def test_gate_signs_an_artifact_itself(release: PackedRelease) -> None:
    push_bundle(release.registry, "acme/deploy", "1.4", {"web.yaml": pod(release)})
    Path("ci.key").write_bytes(private_pem(release.ci))
    signing = Signing(key="ci.key", trust_config=None, publish_private=False)
    access = Access(plain_http=[release.registry.host])
    name = release.named("acme/deploy:1.4")
    assert run_sign(name, SIGNATURE, {}, signing, access=access) == 0
    assert release.check("acme/deploy:1.4").report.cleared


def test_an_artifact_in_a_layout_folder_is_read_from_there(release: PackedRelease) -> None:
    bundle(release, {"web.yaml": pod(release)})
    layout = LayoutRepository(Path("layout"), BOUNDS)
    layout.make()
    for content in release.registry.blobs("acme/deploy").values():
        layout.put_blob(content)
    manifest = release.registry.tagged("acme/deploy", "1.4")
    assert layout.put_tag("1.4", manifest, OCI_MANIFEST, over=None)
    asked = release.options("oci://layout.example/acme/deploy:1.4")
    release.write_policy(
        POLICY.replace('"HOST/acme"', '"HOST/acme", layout.example').replace(
            "images:\n", 'images:\n  - match: "layout.example/**"\n    signature: {by: [ci]}\n'
        )
    )
    access = replace(asked.access, layouts=["layout.example/acme/deploy=layout"])
    report = run_check(replace(asked, access=access), dry_run=True).report
    assert (report.counts.objects, {code for code, _ in blocking(report)}) == (
        1,
        {"signature-absent"},
    )


def test_shards_and_their_merge_judge_an_artifact_as_one_run_does(release: PackedRelease) -> None:
    bundle(release, {"web.yaml": pod(release)})
    asked = release.options(release.named("acme/deploy:1.4"))
    Path("records").mkdir()
    for index in (1, 2):
        run_shard(asked, read_shard(f"{index}/2"), f"records/{index}.jsonl")
    merge = partial(shards_in, folder=Path("records"), dry=True, as_of=False)
    assert run_check(asked, dry_run=True, merge=merge).report.cleared
    bundle(release, {"web.yaml": pod(release), "b.yaml": pod(release).replace("web", "more")})
    moved = run_check(asked, dry_run=True, merge=merge).report
    assert (moved.cleared, {code for code, _ in undecided(moved)} >= {"shard-foreign"}) == (
        False,
        True,
    )


def test_why_tells_of_the_artifact_alone_and_how_it_is_signed(release: PackedRelease) -> None:
    digest = push_bundle(release.registry, "acme/deploy", "1.4", {"a.yaml": PRIVILEGED})
    asked = release.options(images=[release.named("acme/deploy:1.4")])
    told = run_why(asked)
    name = f"{release.registry.host}/acme/deploy"
    (lacking,) = [one for one in told.answers if one.check == "signature"]
    assert [one.code for one in lacking.reasons] == ["signature-absent"]
    assert lacking.commands == (
        f"gate sign --key ci.key oci://{name}@{digest} --plain-http {release.registry.host}",
        f"cosign sign --key ci.key --allow-http-registry {name}@{digest}",
    )
    release.sign("acme/deploy", digest)
    assert run_why(asked).cleared
