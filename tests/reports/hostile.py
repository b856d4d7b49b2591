"""A report in which every text that others choose is hostile."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from gate.model.kubernetes import ObjectName
from gate.model.location import Location
from gate.model.report import ErrorReport, Report, UndecidedReport
from gate.model.verdict import Finding, Undecided
from tests.reports.sample import report

FRAGMENTS = (
    "::error::x", "\n::stop-commands::y\n", "##[error]x", "##vso[task.complete]", "###[group]",
    "##teamcity[x]", "section_start:1:a\r\x1b[0K", "\x1b[31m", "\x1b]8;;http://e\x07", "\r", "\n\n",
    "<script>alert(1)</script>", "<img src=x onerror=y>", "</code>", "</details>", "</summary>",
    "]]>", "<!--", "-->", "&lt;", "&#60;", "<!DOCTYPE x>", "<?x?>", "</failure><failure/>",
    "[a](javascript:x)", "![a](http://e/b.png)", "](", "{0}", "{{0}}", "`", "```\n", "|", "\\", "*",
    "# head\n", "@octocat", " @org/team ", "#1", "!2", "GH-3", "https://evil.example/x", "~label",
    "www.evil.example", "a@b.example", "ftp://e", "<http://e>", ":boom:", "%0A::error::x", "%25",
    ",file=x", "title=y::", "$(touch x)", "=x", "\u202e", "\u200b", "\u2028", "\ud800", "\x00",
    "\ufffe", "\x85", "\t", "    code", "- item", "1. item", "> quote", "---\n", '"', "'", "..",
)  # fmt: skip
texts = (
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=5)), min_size=1, max_size=6)
    .map("".join)
    .filter(bool)
)


def hostile(text: str) -> Report:
    """Return the sample, with the text in every place that takes one from others."""
    base = report()
    assert base.policy is not None
    assert base.passed is not None
    findings = tuple(_finding(f, text, str(n)) for n, f in enumerate(base.findings))
    undecided = Undecided("timeout", text + "u", text)
    return replace(
        base,
        findings=findings,
        undecided=(UndecidedReport(check="sbom", subject=text + "s", outcome=undecided),),
        waived=tuple(
            replace(w, finding=_finding(w.finding, text, "w"), owner=text, reason=text)
            for w in base.waived
        ),
        suppressed=tuple(
            replace(s, finding=_finding(s.finding, text, "x"), reason=text) for s in base.suppressed
        ),
        policy=replace(base.policy, path=text),
        passed=replace(base.passed, note=text, stored=(text,)),
        images=(*base.images, replace(base.images[0], name=text + "i", resolved=None)),
        error=ErrorReport(
            code="internal-error", problem=text, remedy=text, location=Location(text + "e", 1)
        ),
    )


def _finding(finding: Finding, text: str, mark: str) -> Finding:
    return replace(
        finding,
        message=text,
        remedy=text,
        id=text,
        image=text + mark if finding.image else None,
        object=ObjectName(text, text, text),
        container=text,
        field=text,
        location=Location(text + mark, 3, 4),
    )
