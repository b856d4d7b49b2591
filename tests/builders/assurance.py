"""`docs/assurance.md`, made from the records of long runs that lie beside what ran.

Each record is a JSON object with the `date` of the run and the `command` that repeats it.
`judge/worlds.json` and `faults/outcomes.json` are written by their programs, and so is
`mutation/scores/ROOM.json`, which has `mutants`, `killed`, `equivalent`, and `survivors`, a list
of places. `judge/worlds.json` has a list of `rounds`, each by one form of the judge.
`fuzz/runs.json` has `targets`: of each `runs`, `seconds`, and `coverage`. `review/CLASS.json` is
written by hand. What is not recorded is not on the page.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

TESTS: Final = Path(__file__).parents[1]
_INTRO: Final = """\
# What was tried to break it

Made by `make docs` from records that lie beside the programs that wrote them. Each part says
what was run, when, and how to run it again. What a number does not say: that nothing is left.
It says how hard somebody looked. How signatures are judged is in [trust](trust.md), each
numbered attack with its tests in [security cases](security-cases.md).
"""
_JUDGE: Final = """\
## A second judge

`tests/judge/` answers the same questions as `gate check` and `gate admit`. It was written from
the pages for users alone ([policy](policy.md), [checks](checks.md), [evidence](evidence.md),
[trust](trust.md), [registries](registry.md), [the pass](pass.md)). The code of the checks was
read only where the two differed, to find out which of them is wrong. Random worlds have
signers, images, platforms, evidence of many kinds, waivers, ends and faults; the signatures are
real. Where gate clears a world, its passes are signed, and sometimes forged, and a deployment
of the same images is judged by both. Every answer to every check of every image is compared,
both ways.

Its second form also knows lists of ended passes: of images, platforms, releases, policies and
signers, or of others; stale, rolled back, absent, unread, not signed or signed by another. Each
third world is then judged once more in parts and merged, and each fourth from layout folders on
disk: the report has to have the same bytes. Where the record of a part is lost, late, cut,
doubled or signed by another, nothing may be cleared. Who wrote this form had seen gate's code of
lists of ended passes.
"""
_FOUND: Final = """\
What the two did not answer alike, and what became of it:

- A scan of which one time was past and another to come counted. Now it does not count; what it
  found still does.
- A scan of one image manifest that cannot be read was put aside by a newer scan of another
  platform. Now only a newer one of the same manifest, or of the whole image, puts it aside.
- Where the configuration of a platform cannot be read, every check of that image is undecided,
  and the pages did not say so. Now they do.
- The pages did not say that a scan that looked at nothing is passed over by `vulnerabilities`, nor
  when an unread scan is let be. Now they do.
- A list of ended passes that named one platform of an image did not end the pass of its index
  where `gate admit` and `gate serve` had not looked the platforms up: they admitted it. Now a
  pass is ended by each digest that it is about.
- All else was the second judge's mistake.

Neither judge looks at in-toto layouts or the rules of lint in these worlds. The webhook has a
second judge of its own (`tests/admission/test_second_judge.py`).
"""
_FAULTS: Final = """\
## Faults

Each call that leaves the process is made with each fault, at a short timeout. A fault stays for
everything that asks the same again, or passes once. Every run must end in time. A release that
is blocked must never be cleared. No pass may be left half written, and one that is told as
stored must open its deployment. No secret may be in a report, a message, a file or a request
where it has no place: a registry's password, a signing key, a token of the job or of the cluster.

Where a release that is in order is cleared all the same, the call passed at the second try, or
asked for something that need not be there, or came after the pass was stored. TUF reads 403 and
404 for a next root as that there is none. A request to an API server is protected by TLS alone,
so other bytes that are well formed are read.

What they found: a TUF repository that gave no answer was waited for two minutes a file, and one
that answered byte by byte for ever (now a minute in all); where one file of a pass could not be
written, those before it stayed (now none does).
"""
_VECTORS: Final = """\
## Recorded signatures

`tests/vectors/` holds one signature, or more, for each reason for which one is refused, and one
that counts of each form, each with its verdict. They need nothing else, and other
implementations can read them ([their form](../tests/vectors/README.md)).
"""
_MUTATION: Final = """\
## Mutation

Each condition of a room is broken once, and the tests that call it have to notice. A mutant
that changes nothing that anybody could see is listed with its reason
(`tests/mutation/equivalent/`).
"""
_FUZZING: Final = """\
## Fuzzing

Each parser of foreign bytes, driven by its coverage. A search begins with bytes that its parser
reads. What must hold of all bytes: they are read, or refused with the parser's own error; what is
read is written as something that is read the same; a second reader of the same format agrees;
and nothing counts as signed that nobody signed. What broke one of these became a test of its
kind.
"""
_REVIEW: Final = """\
## Hostile review

With the code at hand, each class of input was used to get a verdict that must not be: a release
cleared, a deployment admitted, or a run ended with success, that should not have been. This is
what was tried (`tests/review/`). What got through was mended, and has a test of its kind.
"""


def page() -> str:
    """Return the page."""
    parts = (_INTRO, _judge(), _faults(), _vectors(), _mutation(), _fuzzing(), _review())
    return "\n".join(parts)


def _record(name: str) -> dict[str, Any] | None:
    path = TESTS / name
    found: dict[str, Any] | None = json.loads(path.read_text()) if path.exists() else None
    return found


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def _run(record: dict[str, Any]) -> str:
    return f"Made on {record['date']}; to try it again: `{record['command']}`.\n"


def _judge() -> str:
    record = _record("judge/worlds.json")
    told = "No long run is recorded yet.\n"
    if record is not None:
        head = ("form", "worlds", "cleared", "deployments admitted", "answered differently")
        counts = ("worlds", "cleared", "admitted", "disagreements")
        rows = [[one["form"], *(f"{one[k]:,}" for k in counts)] for one in record["rounds"]]
        notes = "".join(
            f"\n{one['note']} {_run(one)}".replace("\n ", "\n") for one in record["rounds"]
        )
        told = f"{_table(head, rows)}{notes}"
    laws = "".join(f"- {law}\n" for law in _sentences("judge/test_laws.py"))
    suite = "The suite asks about 200 worlds. These laws hold for gate in each world:\n"
    return f"{_JUDGE}\n{told}\n{suite}\n{laws}\n{_FOUND}"


def _sentences(path: str) -> Iterator[str]:
    """Yield the names of a file's tests as sentences."""
    for name in re.findall(r"^def test_(\w+)", (TESTS / path).read_text(), re.MULTILINE):
        yield f"{name[0].upper()}{name[1:].replace('_', ' ')}."


def _faults() -> str:
    record = _record("faults/outcomes.json")
    if record is None:
        return f"{_FAULTS}\nNo run is recorded yet.\n"
    parts = [_boundary(one) for one in record["boundaries"]]
    runs = sum(n for b in record["boundaries"] for o in b["outcomes"].values() for n in o.values())
    return f"{_FAULTS}\n{runs:,} runs. {_run(record)}\n" + "\n".join(parts)


def _boundary(one: dict[str, Any]) -> str:
    head = (
        f"**{one['name']}**: {one['asks']}. Calls: {one['calls']}. Slowest run: {one['slowest']} s."
    )
    rows = [(fault, _outcomes(counts)) for fault, counts in one["outcomes"].items()]
    return f"{head}\n\n{_table(('the call', 'what became of the runs'), rows)}"


def _outcomes(counts: dict[str, int]) -> str:
    often = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{_word(outcome)} {count}" for outcome, count in often)


def _word(outcome: str) -> str:
    word, _, code = outcome.rpartition(" ")
    return f"{word} `{code}`" if word else outcome


def _vectors() -> str:
    found = [json.loads(p.read_bytes()) for p in sorted((TESTS / "vectors").glob("*.json"))]
    codes = Counter(v["expected"].get("refused", "") for v in found)
    counts = codes.pop("")
    rows = [(f"`{code}`", number) for code, number in sorted(codes.items())]
    again = "`python -m tests.vectors` writes them; the same bytes each time.\n"
    table = _table(("refused with", "vectors"), rows)
    return f"{_VECTORS}\n{counts} are accepted.\n\n{table}\n{again}"


def _mutation() -> str:
    found = {p.stem: json.loads(p.read_text()) for p in (TESTS / "mutation/scores").glob("*.json")}
    rooms = sorted(found.items())
    rows = [
        (
            f"`{room}`",
            f"{one['mutants']:,}",
            f"{one['killed']:,}",
            f"{one['equivalent']:,}",
            _of(one),
            one["date"],
        )
        for room, one in rooms
    ]
    head = ("room", "mutants", "noticed", "change nothing", "noticed of the rest", "made on")
    again = "To try it again: `python -m tests.mutation ROOM --record`.\n"
    left = "".join(_survivors(room, one) for room, one in rooms)
    return f"{_MUTATION}\n{_table(head, rows)}\n{again}{left}"


def _of(one: dict[str, Any]) -> str:
    return f"{100 * one['killed'] / (one['mutants'] - one['equivalent']):.1f} %"


def _survivors(room: str, one: dict[str, Any]) -> str:
    places = one["survivors"]
    lines = "".join(f"- `{place}`\n" for place in places)
    return f"\nNot noticed in `{room}`:\n\n{lines}" if places else ""


def _fuzzing() -> str:
    record = _record("fuzz/runs.json")
    if record is None:
        return f"{_FUZZING}\nNo run is recorded yet. `make fuzz TIME=60` runs each for a minute.\n"
    rows = [
        (f"`{name}`", f"{one['runs']:,}", f"{one['seconds']:,}", f"{one['coverage']:,}")
        for name, one in sorted(record["targets"].items())
    ]
    total = sum(one["runs"] for one in record["targets"].values())
    table = _table(("parser", "inputs", "seconds", "branches reached"), rows)
    return f"{_FUZZING}\n{table}\n{total:,} inputs in all. {_run(record)}"


def _review() -> str:
    found = [json.loads(p.read_text()) for p in sorted((TESTS / "review").glob("*.json"))]
    if not found:
        return f"{_REVIEW}\nNo review is recorded yet.\n"
    count = sum(len(one["tried"]) for one in found)
    kept = sum(bool(tried["test"]) for one in found for tried in one["tried"])
    classes = "\n".join(map(_class, sorted(found, key=lambda one: str(one["name"]))))
    return f"{_REVIEW}\n{count:,} tries, of which {kept:,} are tests.\n\n{classes}"


def _class(one: dict[str, Any]) -> str:
    rows = [(t["what"], t["does"], f"`{t['test']}`" if t["test"] else "") for t in one["tried"]]
    table = _table(("tried", "what gate does", "test"), rows)
    return f"**{one['name']}** ({one['date']})\n\n{table}"
