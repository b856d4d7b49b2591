"""Who gives objects away to lint has the same report, and their memory back."""

from __future__ import annotations

import tracemalloc

from gate.lint.engine import lint
from gate.lint.settings import lint_settings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.memory import given_away
from gate.policy.profile import Profile, ProfileAlone

SETTINGS = lint_settings(ProfileAlone(profile=Profile.GATE))
VALUES = "".join(f"  k{n}: v{n}\n" for n in range(2_000))
CONFIG = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{VALUES}"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: a:latest}]}\n"


def test_objects_that_are_given_away_are_judged_as_all_others() -> None:
    texts = (POD, f"{POD}---\n{CONFIG}", POD.replace("name: p", "name: q"))
    found = load_manifests((f"{n}.yaml", text.encode()) for n, text in enumerate(texts)).objects
    uses = image_uses(found).uses
    whole = lint(found, uses, SETTINGS)
    assert len({finding.location for finding in whole.findings}) > 3
    assert lint(given_away(list(reversed(found))), given_away(list(uses)), SETTINGS) == whole


def test_an_object_that_is_given_away_is_freed() -> None:
    files = [("a.yaml", CONFIG.encode())]
    lint(load_manifests(files).objects, (), SETTINGS)  # what is made once in a process is made
    tracemalloc.start()
    objects = list(load_manifests(files).objects)
    held = tracemalloc.get_traced_memory()[0]
    report = lint(given_away(objects), (), SETTINGS)
    left = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert (report.objects, objects) == (1, [])
    assert held > 100_000 > 2 * left
