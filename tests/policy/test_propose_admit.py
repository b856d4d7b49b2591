"""What `gate init` proposes for the deploy step: who may sign passes there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from gate.model.image import Digest
from gate.policy.propose_admit import propose_admit
from tests.builders.policies import load
from tests.builders.proposals import PROJECT

FLOW = "https://github.com/acme/gate/.github/workflows/release-gate.yml@refs/heads/main"
PIPELINE = "https://gitlab.com/acme/gate//.gitlab-ci.yml@refs/heads/main"


def signer(identity: str) -> dict[str, Any]:
    project = replace(PROJECT, gate_identity=identity)
    text = propose_admit(project, Digest("0" * 64), ".gate.yaml", ".gate.schema.json")
    assert text is not None
    load(text, {})
    found: dict[str, Any] = yaml.safe_load(text)["signers"]["gate"]
    return found


def test_a_reusable_workflow_counts_on_machines_of_github_alone() -> None:
    found = signer(FLOW)
    assert found["runner-environment"] == "github-hosted"
    assert found["source-repository"] == "https://github.com/acme/shop"


@pytest.mark.parametrize("key", ["runner-environment", "source-repository"])
def test_a_pipeline_of_gitlab_is_held_to_nothing_that_it_does_not_have(key: str) -> None:
    assert key not in signer(PIPELINE)
