"""What is exported lets in what gate lets in: worlds of images and evidence, drawn by chance."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access
from gate.cli.runs.check import run_check
from gate.cli.runs.prepare import Options
from gate.export.cosign import export_cosign
from gate.export.kyverno import export_kyverno
from gate.export.policy_controller import export_policy_controller
from gate.policy.document import Policy
from tests.builders.worlds import World, Worlds, worlds
from tests.interop.tools import COSIGN, required, required_kyverno, required_policy_tester, run

POLICIES = 40
"""Each judges five images: 200 worlds."""


@dataclass(frozen=True)
class Judged:
    """Worlds, and the images that gate lets in, of each."""

    made: Worlds
    same: tuple[tuple[World, set[str]], ...]
    stricter: tuple[tuple[World, set[str]], ...]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    with worlds(tmp_path_factory.mktemp("worlds"), images=12, odd=8, seed=3) as made:
        same = tuple((world, gate(made, world)) for world in made.drawn(POLICIES, seed=5))
        stricter = tuple(
            (world, gate(made, world)) for world in made.drawn(8, seed=6, stricter=True)
        )
        for drawn, least in ((same, 30), (stricter, 3)):
            taken = sum(len(let_in) for _, let_in in drawn)
            assert least <= taken <= 5 * len(drawn) - least
        yield Judged(made, same, stricter)


def written(made: Worlds, world: World) -> Policy:
    path = made.folder / "policy.yaml"
    path.write_text(world.policy)
    return find_policy(str(path), None)


def gate(made: Worlds, world: World) -> set[str]:
    written(made, world)
    access = Access(plain_http=(made.host,), environ={})
    policy = str(made.folder / "policy.yaml")
    return {
        image
        for image in world.images
        if run_check(
            Options(images=(image,), policy=policy, access=access), dry_run=True
        ).report.cleared
    }


def policy_controller(made: Worlds, world: World) -> set[str]:
    program = required_policy_tester()
    # The first document is the controller's setting that denies what no policy matches; the
    # program always does.
    _, *policies = export_policy_controller(written(made, world)).body.split("---\n")
    if not policies:
        return set()
    path = made.folder / "policies.yaml"
    path.write_text("---\n".join(policies))
    taken = set()
    for image in world.images:
        answer = run(program, "-policy", path, "-image", image, HOME=str(made.folder))
        assert answer.accepted or '{"errors":' in answer.output, answer.output
        taken |= {image} if answer.accepted else set()
    return taken


def kyverno(made: Worlds, world: World) -> set[str]:
    path = made.folder / "ivpol.yaml"
    path.write_text(export_kyverno(written(made, world)).body)
    failed, errors = kyverno_refuses(made, path, world.images)
    taken = {one for i, one in enumerate(world.images) if str(i) not in failed}
    if not errors:
        return taken
    # It denies what it cannot evaluate too (`failurePolicy: Fail`), and does not name that.
    return {one for one in taken if kyverno_refuses(made, path, (one,)) == (set(), 0)}


def kyverno_refuses(made: Worlds, policy: Path, images: tuple[str, ...]) -> tuple[set[str], int]:
    """Return the numbers of the images that do not meet a policy, and how many more it denies."""
    pods = made.folder / "pods.yaml"
    pods.write_text("\n---\n".join(json.dumps(pod(i, one)) for i, one in enumerate(images)))
    command = (required_kyverno(), "apply", policy, "--resource", pods, "--registry")
    answer = run(*command, "--remove-color", HOME=str(made.folder))
    failed = set(re.findall(r"-> resource default/Pod/pod-(\d+) (?:failed|error)", answer.output))
    counted = re.search(
        r"^pass: (\d+), fail: \d+, warn: 0, error: \d+, skip: 0", answer.output, re.MULTILINE
    )
    assert counted is not None, answer.output
    return failed, len(images) - len(failed) - int(counted[1])


def pod(number: int, image: str) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"pod-{number}", "namespace": "default"},
        "spec": {"containers": [{"name": "a", "image": image}]},
    }


def cosign(made: Worlds, world: World) -> set[str]:
    program = Path(required("cosign", COSIGN))
    script = made.folder / "verify.sh"
    script.write_text(export_cosign(written(made, world)).body)
    command: tuple[str | Path, ...] = ("/bin/sh", script, *world.images)
    answer = run(
        *command,
        PATH=f"{program.parent}:{os.environ['PATH']}",
        HOME=str(made.folder),
        GATE_COSIGN_FLAGS="--allow-http-registry",
    )
    taken = {image for image in world.images if f"{image}: verified" in answer.output}
    assert answer.accepted is (len(taken) == len(world.images)), answer.output
    return taken


@pytest.mark.parametrize("target", [policy_controller, kyverno, cosign])
def test_a_target_lets_in_the_same_images(
    judged: Judged, target: Callable[[Worlds, World], set[str]]
) -> None:
    found = [(world, target(judged.made, world)) for world, _ in judged.same]
    assert found == list(judged.same)


@pytest.mark.parametrize("target", [policy_controller, kyverno, cosign])
def test_a_target_lets_in_no_more_where_it_may_demand_more(
    judged: Judged, target: Callable[[Worlds, World], set[str]]
) -> None:
    for world, let_in in judged.stricter:
        # policy-controller itself replaces a tag by its digest, and the account says so.
        tagged = {one for one in world.images if "@" not in one and "digest:" in world.policy}
        assert target(judged.made, world) - (tagged if target is policy_controller else set()) <= (
            let_in
        )
