r"""The artifact rules of an in-toto layout, one after the other, with in-toto's own code of each.

What a MATCH rule takes is held once more, because in-toto takes

- what has no hash on either side for the same thing, and so what two steps state by MD5 or SHA-1
  alone: here a SHA-256, SHA-384 or SHA-512 of each must be stated;
- with a prefix, `src//etc/x` for `/etc/x`, and `src/a\b` for `src/a/b`: here what is taken is
  below the prefix, as it is written, and fits the pattern.

https://github.com/in-toto/docs/blob/master/in-toto-spec.md#433-artifact-rules
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from gate.checks.in_toto.signed import LayoutProblem, LayoutRefusedError
from gate.checks.in_toto.steps import Chain, quoted, shown

_DIGITS: Final = {"sha256": 64, "sha384": 96, "sha512": 128}
"""Hashes by which two artifacts are the same, and how many hexadecimal digits each has."""

Artifacts: TypeAlias = Mapping[str, Mapping[str, str]]
"""The hashes of each artifact, by its path."""


class _BrokenRuleError(Exception):
    """A rule that does not hold. Its text says which, and for what."""


class _UnfitLinkError(Exception):
    """Artifacts that a rule took and that cannot be what it means. Its text says which."""


def check_rules(layout: Any, chain: Chain) -> None:  # noqa: ANN401  # the library has no types
    """Check the artifact rules of every step. Raises LayoutRefusedError."""
    links = {step.name: next(iter(chain[step.name].values())).link for step in layout.steps}
    problems = []
    for step in layout.steps:
        for kind in ("materials", "products"):
            where = f"step {quoted(step.name)}, its {kind}"
            try:
                _check(getattr(step, f"expected_{kind}"), kind, links[step.name], links)
            except _BrokenRuleError as broken:
                problem = LayoutProblem("layout-rule-broken", f"{where}: {broken}", step.name)
            except _UnfitLinkError as unfit:
                problem = LayoutProblem("layout-malformed", f"{where}: {unfit}", step.name)
            except Exception as defect:  # noqa: BLE001  # in-toto says nothing of what it raises
                message = f"{where}: a rule cannot be judged: {defect}"
                problem = LayoutProblem("layout-malformed", message, step.name)
            else:
                continue
            problems.append(problem)
    if problems:
        raise LayoutRefusedError(*problems)


def _check(
    rules: Iterable[Sequence[str]],
    kind: str,
    link: Any,  # noqa: ANN401  # the library has no types
    links: Mapping[str, Any],
) -> None:
    """Take from the artifacts what each rule takes. Raises what in-toto and this module raise."""
    from in_toto import rulelib  # noqa: PLC0415  # slow to import

    left = set(getattr(link, kind))
    for rule in rules:
        said = rulelib.unpack_rule(rule)
        if said["rule_type"] == "match":
            left -= _matched(said, left, getattr(link, kind), links)
        else:
            left -= _taken(said, left, link)


def _taken(said: Mapping[str, str], left: set[str], link: Any) -> set[str]:  # noqa: ANN401  # as above
    from in_toto import verifylib  # noqa: PLC0415  # slow to import

    pattern = said["pattern"]
    materials, products = link.materials, link.products
    taken: set[str] = set()
    match said["rule_type"]:
        case "create":
            taken = verifylib.verify_create_rule(pattern, left, set(materials), set(products))
        case "delete":
            taken = verifylib.verify_delete_rule(pattern, left, set(materials), set(products))
        case "modify":
            taken = verifylib.verify_modify_rule(pattern, left, materials, products)
        case "allow":
            taken = verifylib.verify_allow_rule(pattern, left)
        case "disallow":
            # in-toto's own words it once more, from what another thread may have overwritten.
            if forbidden := fnmatch.filter(left, pattern):
                msg = f"DISALLOW {quoted(pattern)} matches {shown(forbidden)}"
                raise _BrokenRuleError(msg)
        case "require":
            if pattern not in left:
                msg = f"REQUIRE {quoted(pattern)} does not find it"
                raise _BrokenRuleError(msg)
        case other:
            msg = f"there is no rule {other!r}"
            raise ValueError(msg)
    return taken


def _matched(
    said: Mapping[str, str], left: set[str], artifacts: Artifacts, links: Mapping[str, Any]
) -> set[str]:
    from in_toto import verifylib  # noqa: PLC0415  # slow to import

    taken: set[str] = verifylib.verify_match_rule(said, left, artifacts, links)
    if taken:
        there = getattr(links[said["dest_name"]], said["dest_type"])
        _check_matched(said, taken, artifacts, there)
    return taken


def _check_matched(
    said: Mapping[str, str], taken: Iterable[str], here: Artifacts, there: Artifacts
) -> None:
    rule = f"MATCH {quoted(said['pattern'])}"
    source, destination = _folder(said["source_prefix"]), _folder(said["dest_prefix"])
    astray, weak = set(), set()
    for path in taken:
        rest = path.removeprefix(source)
        if (
            not path.startswith(source)
            or not fnmatch.fnmatch(rest, said["pattern"])
            or there.get(f"{destination}{rest}") != here[path]
        ):
            astray.add(path)
        elif not any(len(here[path].get(name, "")) == digits for name, digits in _DIGITS.items()):
            weak.add(path)
    if astray:
        msg = f"{rule} leads out of its folder, or through a backslash, to {shown(astray)}"
        raise _UnfitLinkError(msg)
    if weak:
        msg = f"{rule} compares no SHA-256, SHA-384 or SHA-512 of {shown(weak)}"
        raise _UnfitLinkError(msg)


def _folder(prefix: str) -> str:
    """Return a prefix as in-toto takes it: with slashes, and one at its end."""
    slashed = prefix.replace("\\", "/")
    return slashed if not slashed or slashed.endswith("/") else f"{slashed}/"
