"""What is exported lets in what gate lets in: worlds of images and evidence, drawn by chance."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access
from gate.cli.runs.check import run_check
from gate.cli.runs.prepare import Options
from gate.export.cosign import export_cosign
from gate.export.policy_controller import export_policy_controller
from tests.builders.worlds import World, Worlds, worlds
from tests.interop.tools import COSIGN, Answer, required, required_policy_tester, run

DRAWN = 200


@dataclass(frozen=True)
class Judged:
    """Worlds, and whether gate lets in the image of each."""

    made: Worlds
    same: tuple[tuple[World, bool], ...]
    stricter: tuple[tuple[World, bool], ...]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    with worlds(tmp_path_factory.mktemp("worlds"), images=16, seed=3) as made:
        same = tuple((world, lets_in(made, world)) for world in made.drawn(DRAWN, seed=5))
        stricter = tuple(
            (world, lets_in(made, world)) for world in made.drawn(40, seed=6, stricter=True)
        )
        for drawn, least in ((same, 30), (stricter, 3)):
            taken = sum(1 for _, let_in in drawn if let_in)
            assert least <= taken <= len(drawn) - least
        yield Judged(made, same, stricter)


def written(made: Worlds, world: World) -> Path:
    path = made.folder / "policy.yaml"
    path.write_text(world.policy)
    return path


def lets_in(made: Worlds, world: World) -> bool:
    """Whether gate lets an image in."""
    options = Options(
        images=(world.image,),
        policy=str(written(made, world)),
        access=Access(plain_http=(made.host,), environ={}),
    )
    return run_check(options, dry_run=True).report.cleared


def policy_tester(made: Worlds, world: World) -> bool:
    """Whether policy-controller's own program takes an image by what is exported."""
    program = required_policy_tester()
    exported = export_policy_controller(find_policy(str(written(made, world)), None))
    # The first document is the controller's setting that denies what no policy matches; the
    # program always does.
    path = made.folder / "policies.yaml"
    path.write_text("---\n".join(exported.body.split("---\n")[1:]))
    answer = run(program, "-policy", path, "-image", world.image, HOME=str(made.folder))
    assert answer.accepted or '{"errors":' in answer.output, answer.output
    return answer.accepted


def cosign_script(made: Worlds, world: World) -> bool:
    """Whether the exported script takes an image, with the real cosign."""
    cosign = Path(required("cosign", COSIGN))
    script = made.folder / "verify.sh"
    script.write_text(export_cosign(find_policy(str(written(made, world)), None)).body)
    answer: Answer = run(
        *("/bin/sh", script, world.image),
        PATH=f"{cosign.parent}:{os.environ['PATH']}",
        HOME=str(made.folder),
        GATE_COSIGN_FLAGS="--allow-http-registry",
    )
    assert answer.accepted or ": " in answer.output, answer.output
    return answer.accepted


def test_policy_controller_lets_in_the_same_images(judged: Judged) -> None:
    found = [(world, policy_tester(judged.made, world)) for world, _ in judged.same]
    assert found == list(judged.same)


def test_policy_controller_lets_in_no_more_where_it_demands_more(judged: Judged) -> None:
    milder = [
        world
        for world, let_in in judged.stricter
        if policy_tester(judged.made, world) and not let_in
    ]
    assert milder == []


def test_cosign_lets_in_the_same_images(judged: Judged) -> None:
    both = [*judged.same, *judged.stricter]
    assert [(world, cosign_script(judged.made, world)) for world, _ in both] == both
