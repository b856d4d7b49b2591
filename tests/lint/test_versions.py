"""Kinds, API versions and fields, as each version of Kubernetes has them."""

from __future__ import annotations

import pytest

from gate.lint.kubernetes.schemas import ObjectFields
from gate.lint.kubernetes.versions import groups, lives
from gate.lint.rules.versions import (
    deprecated_api_version,
    newer_field,
    removed_api_version,
    unknown_kind,
)
from gate.manifests.load import load_manifests
from gate.model.kubernetes import KubernetesObject, field_path
from gate.policy.profile import NEWEST_KUBERNETES


def _object(api: str, kind: str, rest: str = "") -> KubernetesObject:
    text = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\n{rest}\n"
    return load_manifests([("f.yaml", text.encode())]).objects[0]


@pytest.mark.parametrize(
    ("api", "kind", "message"),
    [
        ("apps/v1", "deployment", "apps/v1 has no kind deployment; apps/v1 has Deployment"),
        ("v1", "Deployment", "v1 has no kind Deployment; apps/v1 has Deployment"),
        ("app/v1", "Deployment", "app/v1 has no kind Deployment; apps/v1 has Deployment"),
        ("apps/v3", "Deployment", "apps/v3 has no kind Deployment; apps/v1 has Deployment"),
        ("batch/v1", "Cronjob", "batch/v1 has no kind Cronjob; batch/v1 has CronJob"),
        ("batch/v1", "Nothing", "batch/v1 has no kind Nothing"),
    ],
)
def test_a_kind_that_does_not_exist_is_told_with_the_one_that_does(
    api: str, kind: str, message: str
) -> None:
    found = [v.message for v in unknown_kind.run(_object(api, kind), kubernetes=NEWEST_KUBERNETES)]
    assert found == [message]


@pytest.mark.parametrize(
    ("api", "kind"),
    [
        ("apps/v1", "Deployment"),
        ("v1", "ConfigMapList"),
        ("v1", "Config"),
        ("example.com/v1", "deployment"),
        ("skaffold/v4beta6", "Config"),
        ("policy/v1beta1", "PodSecurityPolicy"),
    ],
)
def test_a_kind_that_exists_or_is_somebody_elses_is_not_unknown(api: str, kind: str) -> None:
    assert list(unknown_kind.run(_object(api, kind), kubernetes=NEWEST_KUBERNETES)) == []


def test_a_kind_that_comes_later_is_told_with_its_version() -> None:
    obj = _object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy")
    (found,) = unknown_kind.run(obj, kubernetes=29)
    assert found.message == (
        "admissionregistration.k8s.io/v1 has no kind ValidatingAdmissionPolicy before "
        "Kubernetes 1.30"
    )
    assert list(unknown_kind.run(obj, kubernetes=30)) == []


@pytest.mark.parametrize(
    ("api", "kind", "gone"),
    [
        ("batch/v1beta1", "CronJob", 25),
        ("autoscaling/v2beta1", "HorizontalPodAutoscaler", 25),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26),
        ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27),
        ("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 29),
        ("resource.k8s.io/v1alpha2", "ResourceClaim", 31),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", 34),
    ],
)
def test_an_api_version_is_gone_from_the_release_that_removed_it(
    api: str, kind: str, gone: int
) -> None:
    obj = _object(api, kind)
    (found,) = removed_api_version.run(obj, kubernetes=gone)
    assert found.message.startswith(f"{api} {kind} was removed in Kubernetes 1.{gone}")
    assert list(removed_api_version.run(obj, kubernetes=gone - 1)) == []


def test_an_api_version_is_deprecated_until_it_is_gone() -> None:
    obj = _object("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema")
    found = {
        minor: [v.message for v in deprecated_api_version.run(obj, kubernetes=minor)]
        for minor in (28, 29, 31, 32)
    }
    message = (
        "flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema is deprecated since Kubernetes 1.29 and "
        "goes in 1.32; use flowcontrol.apiserver.k8s.io/v1"
    )
    assert found == {28: [], 29: [message], 31: [message], 32: []}


def test_a_field_that_comes_later_is_told_with_its_version() -> None:
    text = "spec: {containers: [{name: c, lifecycle: {preStop: {sleep: {seconds: 1}}}}]}"
    obj = _object("v1", "Pod", text)
    field = "spec.containers[0].lifecycle.preStop.sleep"
    found = [
        (field_path(v.path), v.message) for v in newer_field.run(ObjectFields(obj), kubernetes=28)
    ]
    assert found == [(field, f"{field} came with Kubernetes 1.29")]
    assert list(newer_field.run(ObjectFields(obj), kubernetes=29)) == []


def test_the_table_of_versions_holds_every_group_and_ends_with_the_newest_release() -> None:
    assert {"", "apps", "batch", "networking.k8s.io", "resource.k8s.io"} <= groups()
    came = [life.came for life in lives().values()]
    assert max(came) == NEWEST_KUBERNETES
    assert len([1 for life in lives().values() if life.removed]) > 100
