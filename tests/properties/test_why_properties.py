"""`gate why` tells what the run judged, and leaves nothing out that hangs on the image."""

from __future__ import annotations

import json

from hypothesis import given, settings

from gate.cli.runs.make_evidence import Places
from gate.cli.runs.why import why_of
from gate.model.report import Status
from gate.reports.assemble import assemble
from gate.reports.why import render, render_json
from tests.builders.releases import asked, helpful, hung, levels
from tests.properties.pool import Held, Item, reviewed


def statement(item: Item) -> object:
    """Return the statement that a thing carries, or the thing's own digest where it has none."""
    try:
        value = json.loads(item.attached.content)
        return value.get("dsseEnvelope", value)["payload"]
    except (ValueError, KeyError, AttributeError, TypeError):
        return item.attached.digest


@settings(max_examples=40)
@given(hung | helpful, levels)
def test_why_says_what_the_run_said_of_everything_that_is_there(
    attached: list[Item], level: str
) -> None:
    policy, verifier = asked(level)
    held = Held(tuple(i.attached for i in attached))
    done = reviewed(held, policy, verifier)
    report = assemble(done, command="check", tool_version="0", policy_path=policy.path)
    why = why_of(done, policy, Places())
    assert (why.cleared, why.exit_code) == (report.cleared, report.exit_code)
    (image,) = report.images
    assert {a.check: a.status for a in why.answers} == {c.check: c.status for c in image.checks}
    told = [e for a in why.answers for e in a.evidence] + list(why.others)
    # Of a statement that is stored twice, one copy is told.
    by_digest = {str(i.attached.digest): statement(i) for i in attached}
    digests = {e.digest for e in told}
    assert digests <= by_digest.keys()
    assert {by_digest[d] for d in digests} == set(by_digest.values())
    for answer in why.answers:
        counted = [e for e in answer.evidence if e.counts and not e.code]
        if answer.demanded and answer.status in (Status.PASSED, Status.WARNED):
            assert counted
            assert answer.commands == ()
        # What does not count says why not.
        assert all(e.counts or e.code for e in answer.evidence)
        assert answer.status is Status.PASSED or answer.reasons
    turned = why_of(reviewed(Held(held.attached_[::-1]), policy, verifier), policy, Places())
    assert (render(turned), render_json(turned)) == (render(why), render_json(why))
