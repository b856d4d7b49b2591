"""Mutants of `checks` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_NO_LINE: Final = "no line of a list ends what is no digest"
_TOGETHER: Final = "`levels` and `minimum-level` are given together or not at all"
_BOUND: Final = "a bound is above 0, so it has a rating wherever it is there"
_NO_PART: Final = "a port has a protocol after its number, so it is no part of the word `none`"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/checks/scans/vex.py unread: False for `since is None`": (
        "it is only asked where a statement excused something"
    ),
    "gate/checks/provenance.py ProvenanceParams.check_whole: no `self.levels`": _TOGETHER,
    "gate/checks/provenance.py ProvenanceParams.check_whole: no `self.minimum_level`": (_TOGETHER),
    "gate/checks/provenance.py _refuse: no `asked.levels is not None`": _TOGETHER,
    "gate/checks/provenance.py _refuse: no `asked.minimum_level is not None`": _TOGETHER,
    "gate/checks/scan_age.py _dishonest: no `at is not None`": "no time is not ahead of any",
    "gate/checks/demand/base.py Check.doc: no `''`": "the module of every check is documented",
    "gate/checks/passes/revoked.py _digests: True for `said.release is not None`": _NO_LINE,
    "gate/checks/passes/revoked.py _digests: True for `said.policy is not None`": _NO_LINE,
    "gate/checks/passes/validity.py _ended: no `said.not_after is not None`": (
        "a pass without an end is refused for that before"
    ),
    "gate/checks/verdict_pass.py _policy: no `said.policy is not None`": (
        "the text of a missing policy is no digest, and a deploy policy accepts digests alone"
    ),
    "gate/checks/provenance.py _refuse: or for and": _TOGETHER,
    "gate/checks/provenance.py _refuse: 3 for 2": "the order of the ranks stays as it is",
    "gate/checks/configuration.py _ports: False for `asked.ports == 'none'`": _NO_PART,
    "gate/checks/configuration.py _ports: another text for 'none'": _NO_PART,
    "gate/checks/demand/shortfall.py _wrong_predicate: 2 for 1": "only the first match is read",
    "gate/checks/in_toto/files.py judge_files: no `proven is not None`": (
        "a layout that proves nothing has a problem, so the other half is false then"
    ),
    "gate/checks/layout.py _refuse: 2 for 1": "any rank above that of the other reasons will do",
    "gate/checks/sbom.py _contents: False for `_looks_at_no_contents(asked)`": (
        "what follows finds nothing where nothing is asked; a module is not imported for it"
    ),
    "gate/checks/sbom.py _contents: True for `asked.forbid_licenses or asked.allow_licenses`": (
        "without either list no licence is wrong"
    ),
    "gate/checks/sboms/forbidden.py forbidden_packages: True for `near`": (
        "where no pattern is near, what the purl is parsed to is not read"
    ),
    "gate/checks/sboms/forbidden.py wrong_licenses: no `()`": "no list forbids nothing either",
    "gate/checks/vulnerabilities.py _run: no `()` (2)": (
        "it is only asked where VEX of a signer whom the policy names excused something"
    ),
    "gate/checks/vulnerabilities.py _too_high: and for or": _BOUND,
    "gate/checks/vulnerabilities.py _too_high: no `bound is None`": _BOUND,
    "gate/checks/vulnerabilities.py _too_high: no `least is None`": _BOUND,
}
