"""Components that nobody keeps up: which images are of one, and who says so."""

from __future__ import annotations

import re

import pytest

from gate.lint.facts.given_up import GIVEN_UP, given_up


@pytest.mark.parametrize(
    ("image", "since"),
    [
        ("registry.k8s.io/ingress-nginx/controller:v1.15.0", "2026-03"),
        ("bitnamilegacy/redis:7.2", "2025-08"),
        ("grafana/agent:v0.44.2", "2025-11"),
        ("docker.io/grafana/agent-operator:v0.44.2", "2025-11"),
        ("gcr.io/kaniko-project/executor@sha256:" + "0" * 64, "2025-06"),
    ],
)
def test_an_image_of_a_component_that_was_given_up_has_its_month(image: str, since: str) -> None:
    row = given_up(image)
    assert row
    assert row.since == since


@pytest.mark.parametrize(
    "image",
    [
        "registry.k8s.io/ingress-nginx-controller:v1",
        "bitnami/redis:latest",
        "grafana/agents:1",
        "ghcr.io/grafana/agent:1",
        "grafana/alloy:1",
        "quay.io/brancz/kube-rbac-proxy:1",
    ],
)
def test_an_image_with_a_name_near_one_is_no_such(image: str) -> None:
    assert given_up(image) is None


def test_every_row_names_its_month_and_the_page_of_its_makers() -> None:
    assert [
        row for row in GIVEN_UP if not re.fullmatch(r"20\d\d-(?:0[1-9]|1[0-2])", row.since)
    ] == []
    assert [row for row in GIVEN_UP if not row.source.startswith("https://")] == []
