"""What the parts of a Job say together: which exits fail it, and which indexes end it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mappings, sequence, text
from gate.lint.kubernetes.across import Asked, Problem, is_set
from gate.lint.kubernetes.formats import label
from gate.model.document import Path

_POD: Final = ("template", "spec")
_LONGEST: Final = 64 * 1024
_DIGITS: Final = 10
_LABEL: Final = 63
_SHOWN: Final = 80


def _failures(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    pod = dig(value, *_POD)
    names = {
        text(container.get("name"))
        for key in ("containers", "initContainers")
        for _, container in mappings(dig(pod, key))
    }
    for index, rule in mappings(dig(value, "podFailurePolicy", "rules")):
        place = (*path, "podFailurePolicy", "rules", index, "onExitCodes")
        name = dig(rule, "onExitCodes", "containerName")
        if isinstance(name, str) and name and isinstance(pod, dict) and name not in names:
            yield (*place, "containerName"), "the pod has no container of this name"
        if is_set(value.get("backoffLimitPerIndex")) or rule.get("action") != "FailIndex":
            continue
        yield (*place[:-1], "action"), "FailIndex needs backoffLimitPerIndex"


def _exit_codes(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    codes = [code for code in sequence(value.get("values")) if is_number(code)]
    if codes != sorted(set(codes)):
        yield (*path, "values"), "values must be in order, and each there once"
    if value.get("operator") == "In" and 0 in codes:
        yield (*path, "values"), "0 is the exit of one that did not fail, which In may not name"


def _successes(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    most = value.get("completions")
    for index, rule in mappings(dig(value, "successPolicy", "rules")):
        place = (*path, "successPolicy", "rules", index)
        written, least = rule.get("succeededIndexes"), rule.get("succeededCount")
        if isinstance(written, str) and len(written) <= _LONGEST:
            found = _indexes(written)
            if found is None:
                message = "succeededIndexes must be numbers and ranges in order, such as 0,2-4"
                yield (*place, "succeededIndexes"), message
                continue
            if is_number(most) and found and found[-1][1] >= most:
                yield (*place, "succeededIndexes"), f"an index must be below completions, {most}"
            total = sum(last - first + 1 for first, last in found)
            if is_number(least) and least > total:
                message = f"succeededCount may be at most {total}, the number of indexes"
                yield (*place, "succeededCount"), message
        elif is_number(least) and is_number(most) and least > most:
            yield (*place, "succeededCount"), f"succeededCount may be at most {most}"


def _name(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Hold the name to what is made of it: a label of the pods, and names of pods."""
    name, spec = dig(value, "metadata", "name"), value.get("spec")
    if not isinstance(name, str) or not isinstance(spec, dict):
        return
    place = (*path, "metadata", "name")
    if spec.get("manualSelector") is not True and len(name) > _LABEL:
        yield place, f"the name of a Job may have at most {_LABEL} characters"
    count = spec.get("completions")
    if spec.get("completionMode") == "Indexed" and is_number(count) and count > 0:
        pod = f"{name}-{int(count) - 1}"
        if must := label(pod):
            yield place, f"its pods are named such as {pod[:_SHOWN]}, which must be {must}"


def _indexes(written: str) -> list[tuple[int, int]] | None:
    """Return the ranges of a text such as `0,2-4`; None where it has none, or out of order."""
    found: list[tuple[int, int]] = []
    for part in written.split(","):
        first, dash, last = part.partition("-")
        ends = (first, last if dash else first)
        if not all(end.isascii() and end.isdigit() and len(end) <= _DIGITS for end in ends):
            return None
        low, high = (int(end) for end in ends)
        if (dash and low >= high) or (found and low <= found[-1][1]):
            return None
        found.append((low, high))
    return found


ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "Job": (_name,),
    "JobSpec": (_failures, _successes),
    "PodFailurePolicyOnExitCodesRequirement": (_exit_codes,),
}
