"""Custom kinds that the policy names as patches: what they leave out, and what they write."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from pydantic import ValidationError

from gate.lint.settings import lint_settings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.manifests.stored import stored_object
from gate.policy.manifests import ManifestsSection
from tests.builders.commands import called
from tests.fakes.linted import linted

BROKER: Final = "ops.example.org/Broker"
SECTION: Final = ManifestsSection.model_validate({"patches": [BROKER]})
FREE: Final = "{name: broker}"
WHOLE: Final = "{name: broker, image: 'ghcr.io/acme/broker:1'}"


def _text(container: str, api: str = "ops.example.org/v1", kind: str = "Broker") -> str:
    return (
        f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a, namespace: shop}}\n"
        f"spec: {{template: {{spec: {{containers: [{container}]}}}}}}\n"
    )


def _manifests(text: str, section: ManifestsSection) -> Manifests:
    return load_manifests([("f.yaml", text.encode())], patches=section.patches or ())


def _found(text: str, section: ManifestsSection = SECTION) -> set[str]:
    manifests = _manifests(text, section)
    images = image_uses(manifests.objects).findings
    settings = lint_settings(section)
    findings = (*manifests.findings, *images, *linted(manifests.objects, settings).findings)
    return {name for finding in findings for name in (finding.rule, *finding.also)}


NONE: Final = ManifestsSection()


def test_an_image_that_a_patch_leaves_out_is_the_operators() -> None:
    assert "image-missing" in _found(_text(FREE), NONE)
    assert _found(_text(FREE)) == set()


def test_what_a_patch_leaves_out_of_the_pod_is_no_finding_and_what_it_writes_is() -> None:
    assert "non-isolated-pod" in _found(_text(WHOLE), NONE)
    assert "non-isolated-pod" not in _found(_text(WHOLE))
    text = _text("{name: broker, securityContext: {privileged: true}}")
    assert "privileged-container" in _found(text)


def test_a_container_with_an_image_of_its_own_is_judged_as_a_whole_in_a_patch_too() -> None:
    """A whole pod in a kind that is named as a patch hides none of its containers."""
    assert {"run-as-non-root", "unset-memory-requirements"} <= _found(_text(WHOLE))


def test_another_kind_of_the_group_and_the_kind_in_another_group_are_no_patches() -> None:
    for api, kind in (("ops.example.org/v1", "Queue"), ("example.org/v1", "Broker")):
        assert "image-missing" in _found(_text(FREE, api, kind))


def test_an_object_that_a_patch_carries_is_whole_and_a_patch_that_an_object_carries_is_one() -> (
    None
):
    head = "apiVersion: ops.example.org/v1\nkind: {}\nmetadata: {{name: a, namespace: shop}}\n"
    deployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: b, namespace: shop}, "
    pod = f"spec: {{template: {{spec: {{containers: [{FREE}]}}}}}}}}"
    assert "image-missing" in _found(f"{head.format('Broker')}spec: {{made: {deployment}{pod}}}\n")
    broker = "{apiVersion: ops.example.org/v1, kind: Broker, metadata: {name: b}, "
    assert "image-missing" not in _found(f"{head.format('Queue')}spec: {{made: {broker}{pod}}}\n")


@pytest.mark.parametrize("api", ["apps/v1", "batch/v1"])
def test_a_workload_of_kubernetes_is_whole_whoever_marks_it(api: str) -> None:
    kind = "Deployment" if api == "apps/v1" else "Job"
    named = f"{api.partition('/')[0]}/{kind}"
    manifests = load_manifests([("f.yaml", _text(FREE, api, kind).encode())], patches=(named,))
    assert [f.rule for f in image_uses(manifests.objects).findings] == ["image-missing"]


def test_an_object_of_a_cluster_is_a_patch_as_one_of_a_file_is() -> None:
    value = _manifests(_text(FREE), SECTION).objects[0].value
    for patches, wanted in ((SECTION.patches or (), []), ((), ["image-missing"])):
        objects = stored_object(value, patches=patches).objects
        assert [f.rule for f in image_uses(objects).findings] == wanted


@pytest.mark.parametrize(
    ("kinds", "problem"),
    [
        (["apps/Deployment"], "the pods of apps/Deployment are whole: only a custom kind"),
        (["shop/Broker"], "a kind is written with its API group: example.org/Broker"),
        (["Deployment"], "a kind is written with its API group"),
        (["Broker"], "a kind is written with its API group"),
        (["ops.example.org/*"], "a kind is written with its API group"),
        (["ops.example.org/"], "a kind is written with its API group"),
        (["*.example.org/Broker"], "a kind is written with its API group"),
        (["ops.example.org/v1/Broker"], "a kind is written with its API group"),
        (["apps.openshift.io/DeploymentConfig"], "only a custom kind can be a patch"),
        (["rbac.authorization.k8s.io/Role"], "only a custom kind can be a patch"),
        ([], "at least 1 item"),
        ([BROKER, BROKER], "a name is there twice"),
    ],
)
def test_a_policy_names_custom_kinds_with_their_group_and_no_others(
    kinds: list[str], problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        ManifestsSection.model_validate({"patches": kinds})


def test_gate_lint_takes_a_patch_as_one_where_its_policy_names_the_kind(
    tmp_path: Path,
) -> None:
    tmp_path.joinpath("all.yaml").write_text(_text(FREE))
    policy = "version: 1\nimages: [{match: '**', digest: required}]\nmanifests: {profile: gate"
    tmp_path.joinpath("none.yaml").write_text(f"{policy}}}\n")
    tmp_path.joinpath("patch.yaml").write_text(f"{policy}, patches: [{BROKER}]}}\n")
    refused = called("lint", "--policy", "none.yaml", "all.yaml", folder=tmp_path)
    assert (refused.returncode, "image-missing" in refused.stdout) == (1, True)
    passed = called("lint", "--policy", "patch.yaml", "all.yaml", folder=tmp_path)
    assert (passed.returncode, "image-missing" in passed.stdout) == (0, False)
