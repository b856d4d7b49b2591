"""Findings that were there when a team began: known, told, and no reason to block.

A baseline is a JSON file with an entry for each finding. An entry knows its finding by the rule,
the object, the container and the field: not by the file, the line or the place in a list. A
finding that grew worse is new: it is graver, it comes more often, or the field holds something
that it did not hold. See docs/decisions/0029-a-baseline-only-shrinks.md.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from gate.documents.strict_json import MalformedJson, read_json
from gate.model.document import Path
from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.model.verdict import Action, Finding, Severity

SCHEMA: Final = "gate/baseline/v1"
MAX_BYTES: Final = 8 * 1024 * 1024
MAX_ENTRIES: Final = 20_000
"""A team that has more begins with fewer rules."""
_INDEX: Final = expression(r"\[\d+\]")
_TEXTS: Final = ("rule", "object", "container", "field")
_INSIDE: Final = frozenset(("hostPath", "rules", "volumes"))
"""Fields that are mappings, and of which every text inside counts."""
_DEPTH: Final = 4


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """One finding that is known."""

    rule: str
    object: str
    """`namespace/Kind/name`; empty where the finding is about none."""
    container: str
    field: str
    """With `[*]` for every place in a list: `spec.containers[*].image`."""
    severity: Severity
    """The gravest that is known."""
    holds: tuple[str, ...]
    """Digests of what the field held, and the other rules that it breaks, sorted."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a finding and its entry have in common."""
        return (self.rule, self.object, self.container, self.field)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Every finding that is known, sorted. One that was there twice has two entries."""

    entries: tuple[Known, ...] = ()


def baseline_of(findings: Iterable[Finding], never: frozenset[str]) -> Baseline:
    """Return the baseline that knows these findings, without those of the rules in `never`."""
    return Baseline(tuple(sorted(_known(f) for f in findings if not _is_of(f, never))))


def mark(
    findings: Sequence[Finding], baseline: Baseline, never: frozenset[str]
) -> tuple[Finding, ...]:
    """Return the findings in their order, those that the baseline knows as known warnings.

    Each entry covers one finding. A finding of a rule in `never` is never known, in spite of the
    baseline says.
    """
    left: dict[tuple[str, str, str, str], list[Known]] = defaultdict(list)
    for entry in baseline.entries:
        left[entry.key].append(entry)
    marked = list(findings)
    # Those that are the same as before first, so that none of them loses its entry to a neighbour.
    for exact in (True, False):
        for index, finding in enumerate(marked):
            if finding.known or _is_of(finding, never):
                continue
            found = _known(finding)
            fitting = (e for e in left.get(found.key, ()) if _fits(found, e, exact=exact))
            entry_of = next(fitting, None)
            if entry_of is not None:
                left[found.key].remove(entry_of)
                marked[index] = replace(finding, known=True, action=Action.WARN)
    return tuple(marked)


def _is_of(finding: Finding, rules: frozenset[str]) -> bool:
    """Whether a rule found it, or would have found it if another had not told it already."""
    return not rules.isdisjoint((finding.rule, *finding.also))


def _fits(found: Known, entry: Known, *, exact: bool) -> bool:
    if found.severity > entry.severity:
        return False
    return found.holds == entry.holds if exact else set(found.holds) <= set(entry.holds)


def _known(finding: Finding) -> Known:
    return Known(
        finding.rule,
        str(finding.object or ""),
        finding.container or "",
        _INDEX.sub("[*]", finding.field or ""),
        finding.severity,
        tuple(sorted((*finding.holds, *(f"also {rule}" for rule in finding.also)))),
    )


def held(value: Any, path: Path) -> tuple[str, ...]:  # noqa: ANN401  # any JSON value
    """Return digests of what is at a path of an object, sorted.

    Of a text or a number its own, of a list one for each text in it. Of an image the repository
    counts, because each release has another tag. Of a mapping nothing counts, save of those that
    say where a volume leads or what a role may do: a fault in what is not set stays the same
    fault while its neighbours change.
    """
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return ()
    name = next((key for key in reversed(path) if isinstance(key, str)), "")
    if name in ("tag", "digest"):
        return ()
    if name == "image" and isinstance(value, str):
        value = _repository(value)
    inside = _DEPTH if name in _INSIDE else 1 if isinstance(value, list) else 0
    return tuple(sorted({_digest(text) for text in _texts(value, "", inside)}))


def _texts(value: Any, at: str, depth: int) -> Iterator[str]:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict):
        for key, item in value.items() if depth else ():
            yield from _texts(item, f"{at}.{key}", depth - 1)
    elif isinstance(value, list):
        for item in value if depth else ():
            yield from _texts(item, at, depth - 1)
    elif value is not None:
        yield f"{at}={value!r}"


def _repository(image: str) -> str:
    name = image.partition("@")[0]
    head, slash, tail = name.rpartition("/")
    return head + slash + tail.partition(":")[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]


def render_baseline(baseline: Baseline) -> str:
    """Return the file: JSON with an entry a line, so that a change is seen line by line."""
    lines = ",\n  ".join(json.dumps(_entry(entry), sort_keys=True) for entry in baseline.entries)
    listed = f"[\n  {lines}\n ]" if lines else "[]"
    return f'{{\n "schema": "{SCHEMA}",\n "known": {listed}\n}}\n'


def _entry(entry: Known) -> dict[str, object]:
    texts = {name: value for name in _TEXTS if (value := getattr(entry, name))}
    return {**texts, "severity": entry.severity.name.lower(), "holds": list(entry.holds)}


def parse_baseline(data: bytes) -> Baseline:
    """Read a file that `render_baseline` wrote. Raises ValueError with one sentence."""
    try:
        value = read_json(data, max_bytes=MAX_BYTES)
    except MalformedJson as error:
        raise ValueError(str(error)) from error
    if not isinstance(value, dict) or set(value) != {"schema", "known"}:
        msg = "it has not exactly the keys schema and known"
        raise ValueError(msg)
    if value["schema"] != SCHEMA:
        msg = f"its schema is not {SCHEMA}"
        raise ValueError(msg)
    known = value["known"]
    if not isinstance(known, list) or len(known) > MAX_ENTRIES:
        msg = f"known is no list of at most {MAX_ENTRIES} entries"
        raise ValueError(msg)
    return Baseline(tuple(sorted(_parse(entry, at) for at, entry in enumerate(known))))


def _parse(entry: object, at: int) -> Known:
    names = {severity.name.lower(): severity for severity in Severity}
    if (
        isinstance(entry, dict)
        and {"rule", "severity", "holds"} <= set(entry) <= {*_TEXTS, "severity", "holds"}
        and all(isinstance(entry.get(name, ""), str) for name in _TEXTS)
        and entry["rule"]
        and isinstance(entry["severity"], str)
        and entry["severity"] in names
        and isinstance(entry["holds"], list)
        and all(isinstance(item, str) for item in entry["holds"])
    ):
        rule, about, container, field = (entry.get(name, "") for name in _TEXTS)
        holds = tuple(sorted(entry["holds"]))
        return Known(rule, about, container, field, names[entry["severity"]], holds)
    msg = f"known[{at}] is no entry that gate wrote"
    raise ValueError(msg)
