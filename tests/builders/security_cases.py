"""The numbered cases of attack: which have tests, what those say, and which have none, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent.parent
_TEST: Final = re.compile(r"^ *def test_(\w+)", re.MULTILINE)
_NUMBER: Final = re.compile(r"(?:^|_)r([0-9]{3})(?=_|$)")

_WEBHOOK: Final = "gate is run by the pipeline and the deploy step; it has no admission webhook"
_CACHE: Final = "gate keeps no verdict and no evidence from one run to the next"
_UNUSED: Final = "the catalogue has no case of this number"

NO_COUNTERPART: Final = {
    5: "there is no file of images: they stand in manifests or in --image, and none is an error",
    14: "no check compares two sets of evidence: each asks what is there for one image",
    20: "a policy has one strength: there are no entries of another mode that could be merged",
    23: "a policy has no audit mode; that of the action signs nothing (tests/actions/test_step.py)",
    32: "a run has one policy, and of it one entry judges an image: the first that matches",
    43: "gate changes no object before it judges it",
    108: _UNUSED,
    118: _CACHE,
    **dict.fromkeys(range(122, 127), _WEBHOOK),
    **dict.fromkeys((131, 132, 133, 134, 136, 137, 138), _CACHE),
    **dict.fromkeys((140, 145, 146, 147), f"{_WEBHOOK}, so no update of a running object"),
    151: "what a ConfigMap or Secret holds is text to gate, and it does not say so: whatever "
    "program applies that text has to ask gate itself",
    **dict.fromkeys(range(152, 164), _WEBHOOK),
    192: _UNUSED,
    202: "whether this repository's own release is judged is a matter of its workflows",
    206: "gate loads no plugin: checks, rules and formats are part of it",
    208: _UNUSED,
    209: _UNUSED,
    259: _UNUSED,
    **dict.fromkeys(range(264, 270), _UNUSED),
    **dict.fromkeys(range(275, 281), _UNUSED),
    284: "a policy has no expressions and no templates",
    285: _WEBHOOK,
    286: _WEBHOOK,
    289: _UNUSED,
    294: "no report is CSV",
}
"""Each case without a test, and the reason."""


def sentences() -> dict[int, list[tuple[str, str]]]:
    """Return, by number, what each test of a case says, and the file that it lies in."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in _TEST.findall(path.read_text()):
            words = " ".join(_NUMBER.sub("", name).split("_")).strip()
            for number in _NUMBER.findall(name):
                found[int(number)].append((words, path.relative_to(TESTS.parent).as_posix()))
    return found


def page() -> str:
    """Return `docs/security-cases.md`."""
    parts = [_INTRO]
    for number, said in sorted(sentences().items()):
        parts.append(f"## R{number:03}\n")
        parts += [f"- {words[:1].upper()}{words[1:]}. (`{file}`)" for words, file in said]
        parts.append("")
    parts.append("## Cases without a test\n\n| case | why |\n| --- | --- |")
    parts += [f"| R{number:03} | {why} |" for number, why in sorted(NO_COUNTERPART.items())]
    return "\n".join(parts) + "\n"


_INTRO: Final = """# Security cases

Made from the names of the tests by `make docs`. Each number is one way in which a tool that
verifies releases was, or could be, made to pass what it should refuse, or to refuse what it
should pass. A test that carries the number says in its name what gate does there.
"""
