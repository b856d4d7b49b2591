from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from gate.checks.in_toto.signed import REMEDIES, LayoutRefusedError
from gate.checks.in_toto.verify import check_lasting, verify
from gate.checks.layout import CHECK, LayoutParams
from gate.model.predicates import LayoutSet
from gate.model.verdict import Outcome, Passed
from gate.predicates import parse
from tests.builders.in_toto import (
    BUILD,
    BUILDER,
    OTHER,
    OWNER,
    dsse,
    keyid,
    layout,
    link,
    pem,
    public,
    step,
)
from tests.checks.given import INDEX, NOW, asked, attested, codes, findings, image

TYPE = "urn:gate:in-toto-layout:v1"


def run(signed: Any, *links: Any, keys: Any = (OWNER,), now: Any = NOW) -> Outcome:  # noqa: ANN401  # in-toto's own types
    said = parse(TYPE, {"layout": signed, "links": list(links)})
    assert isinstance(said, LayoutSet)
    params = asked(LayoutParams, by=["ci"], keys=[pem(k) for k in keys])
    return CHECK.run(image(attested(said, predicate_type=TYPE)), params, now)


def signature(signed: Any, *, times: int = 1, **changes: str) -> Any:  # noqa: ANN401  # JSON
    """Return an envelope with its signature changed, or so many times."""
    return signed | {"signatures": [signed["signatures"][0] | changes] * times}


BROKEN = "layout-malformed"
BUILT = json.loads(base64.b64decode(BUILD["payload"]))
UNREADABLE = {keyid(BUILDER): public(BUILDER) | {"keyval": {"public": "no hexadecimal"}}}


def test_a_layout_whose_last_product_is_the_image_passes() -> None:
    assert isinstance(run(layout(), BUILD), Passed)


@pytest.mark.parametrize(
    ("signed", "links", "code"),
    [
        (layout(), [], "layout-step-unproven"),
        (layout(), [link("build", product="b" * 64)], "layout-another-product"),
        (layout(), [link("build", product=INDEX.hex, key=OTHER)], "layout-step-unproven"),
        (layout(key=OTHER), [BUILD], "layout-wrong-signer"),
        (layout(expires="2026-11-21T12:00:00Z"), [BUILD], "layout-expired"),
        (layout(expires="soon"), [BUILD], "layout-malformed"),
        (layout(inspect=[{"run": ["rm", "-rf", "/"]}]), [BUILD], "layout-has-inspections"),
        (layout(inspect=None), [BUILD], "layout-has-inspections"),
        (layout(steps=[]), [BUILD], "layout-proves-nothing"),
        (layout(steps="x"), [BUILD], "layout-malformed"),
        (layout(step("build", ["DISALLOW", "*"])), [BUILD], "layout-rule-broken"),
        (layout(step("build", ["REQUIRE", "x"])), [BUILD], "layout-rule-broken"),
        (layout(step("build", threshold=2)), [BUILD, BUILD], "layout-step-unproven"),
        ({"signed": {}, "signatures": []}, [BUILD], "layout-has-inspections"),
        ({"payload": "!", "signatures": []}, [BUILD], "layout-malformed"),
        (layout() | {"payloadType": "application/json"}, [BUILD], "layout-malformed"),
        (layout() | {"payload": layout()["payload"] + "!"}, [BUILD], "layout-malformed"),
        (signature(layout(), sig=layout()["signatures"][0]["sig"] + "!"), [BUILD], BROKEN),
        ({"signed": {"expires": 1.5}, "signatures": []}, [BUILD], "layout-malformed"),
        (layout(), [dsse({**BUILT, "_type": "layout"}, BUILDER)], "layout-malformed"),
        (layout(), [dsse({**BUILT, "materials": []}, BUILDER)], "layout-malformed"),
        (layout(step("build", keys=(OWNER,))), [BUILD], "layout-step-unproven"),
        (layout(keys=UNREADABLE), [BUILD], "layout-step-unproven"),
        ({}, [BUILD], "layout-malformed"),
        (layout(), [{}], "layout-malformed"),
    ],
)
def test_a_layout_that_does_not_hold_is_refused_for_that(
    signed: Any,  # noqa: ANN401  # JSON
    links: list[Any],
    code: str,
) -> None:
    assert codes(run(signed, *links)) == [code]


def test_at_most_fifty_signatures_are_tried() -> None:
    assert isinstance(run(signature(layout(), times=50), BUILD), Passed)
    many = run(signature(layout(), times=51), BUILD)
    assert said(many) == ["the layout cannot be read: there are more than 50 signatures"]


def test_a_number_that_has_no_canonical_form_is_no_crash() -> None:
    outcome = run({"signed": {"expires": 1.5}, "signatures": []}, BUILD)
    assert said(outcome) == ["the layout cannot be made canonical"]


def test_why_a_link_cannot_be_read_is_told() -> None:
    inside = run(layout(), dsse({**BUILT, "_type": "layout"}, BUILDER))
    assert said(inside) == ["step build: a layout inside a layout is not read"]
    (message,) = said(run(layout(), dsse({**BUILT, "materials": []}, BUILDER)))
    assert message.startswith("step build: a link cannot be read: Invalid Link: ")


def test_a_link_that_no_file_names_is_called_metadata() -> None:
    assert said(run(layout(), {})) == ["the metadata cannot be read: signed is not an object"]


def test_a_rule_that_in_toto_breaks_on_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(pattern: str, *_: object) -> None:
        raise KeyError(pattern)

    monkeypatch.setattr("in_toto.verifylib.verify_create_rule", breaks)
    outcome = run(layout(), BUILD)
    assert codes(outcome) == ["layout-malformed"]
    assert said(outcome) == ["step build, its products: a rule cannot be judged: 'build'"]


def test_a_key_that_cannot_be_read_takes_nothing_from_the_others_of_its_step() -> None:
    either = step("build", keys=(OTHER, BUILDER))
    unread = public(OTHER) | {"keyval": {"public": "no hexadecimal"}}
    keys = {keyid(OTHER): unread, keyid(BUILDER): public(BUILDER)}
    assert isinstance(run(layout(either, keys=keys), BUILD), Passed)
    assert codes(run(layout(either | {"threshold": 2}, keys=keys), BUILD)) == [
        "layout-step-unproven"
    ]


def test_a_functionary_may_have_a_key_in_pem() -> None:
    key = ec.derive_private_key(7, ec.SECP256R1())
    public_pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    stated = {
        **public(BUILDER),
        "keyid": "a" * 64,
        "keytype": "ecdsa",
        "scheme": "ecdsa-sha2-nistp256",
        "keyval": {"public": public_pem.decode(), "private": ""},
    }
    body = json.dumps(BUILT).encode()
    kind = b"application/vnd.in-toto+json"
    made = key.sign(
        b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body), ec.ECDSA(hashes.SHA256())
    )
    signed = signature(BUILD, sig=base64.b64encode(made).decode())
    one = step("build") | {"pubkeys": ["a" * 64]}
    assert isinstance(run(layout(one, keys={"a" * 64: stated}), signed), Passed)
    assert codes(run(layout(one, keys={"a" * 64: stated}), BUILD)) == ["layout-step-unproven"]


def test_a_key_of_the_policy_that_no_signer_could_have_is_named() -> None:
    other = X25519PrivateKey.from_private_bytes(b"\x01" * 32)
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    keys = [pem(OWNER), public.decode()]
    why = "keys of this kind are not accepted: use ECDSA, Ed25519 or RSA"
    with pytest.raises(LayoutRefusedError) as refused:
        verify(json.dumps(layout()), [json.dumps(BUILD)], keys, NOW)
    assert refused.value.message == f"key 2 cannot be used: {why}"
    with pytest.raises(ValidationError, match=f"this key cannot be used: {why}"):
        asked(LayoutParams, by=["ci"], keys=keys)


def test_a_layout_that_nobody_has_to_sign_proves_nothing() -> None:
    with pytest.raises(LayoutRefusedError) as refused:
        verify(json.dumps(layout()), [json.dumps(BUILD)], [], NOW)
    assert (refused.value.code, refused.value.message) == (
        "layout-wrong-signer",
        "no key is demanded, so nothing is signed",
    )


def test_a_link_without_its_name_is_not_left_out() -> None:
    links = [json.dumps(link("clone", product="c" * 64)), json.dumps(BUILD)]
    with pytest.raises(ValueError, match="shorter"):
        verify(json.dumps(layout()), links, [pem(OWNER)], NOW, names=["clone.link"])


def test_a_layout_has_at_most_two_hundred_steps() -> None:
    steps = [step(f"s{n}") for n in range(201)]
    check_lasting(json.dumps(layout(*steps[1:])), [pem(OWNER)])
    with pytest.raises(LayoutRefusedError) as refused:
        check_lasting(json.dumps(layout(*steps)), [pem(OWNER)])
    assert (refused.value.code, refused.value.message) == (
        "layout-proves-nothing",
        "the layout has 201 steps, not 1 to 200",
    )


def test_a_layout_need_not_have_a_readme_and_a_product_no_sha256() -> None:
    body = json.loads(base64.b64decode(layout()["payload"]))
    del body["readme"]
    products = {"log": {"sha512": "d" * 128}, **BUILT["products"]}
    free = body | {"steps": [step("build")]}
    outcome = run(dsse(free, OWNER), dsse({**BUILT, "products": products}, BUILDER))
    assert isinstance(outcome, Passed)


def test_a_threshold_counts_keys_and_links_must_agree() -> None:
    two = layout(step("build", threshold=2, keys=(BUILDER, OTHER)))
    agree = link("build", product=INDEX.hex, key=OTHER)
    differ = link("build", product="b" * 64, key=OTHER)
    assert isinstance(run(two, BUILD, agree), Passed)
    assert codes(run(two, BUILD, differ)) == ["layout-links-disagree"]
    three = (BUILDER, OTHER, OWNER)
    keys = {keyid(k): public(k) for k in three}
    of_three = layout(step("build", threshold=2, keys=three), keys=keys)
    third = link("build", product="b" * 64, key=OWNER)
    assert codes(run(of_three, BUILD, agree, third)) == ["layout-links-disagree"]


def test_where_one_link_is_enough_the_one_of_the_key_that_is_named_first_counts() -> None:
    differ = link("build", product="b" * 64, key=OTHER)
    for keys, passes in (((BUILDER, OTHER), True), ((OTHER, BUILDER), False)):
        for links in ((BUILD, differ), (differ, BUILD)):
            outcome = run(layout(step("build", keys=keys)), *links)
            assert isinstance(outcome, Passed) is passes


def test_every_key_of_the_policy_must_have_signed_the_layout() -> None:
    assert codes(run(layout(), BUILD, keys=(OWNER, OTHER))) == ["layout-wrong-signer"]


def test_at_the_second_of_expiry_a_layout_has_expired() -> None:
    second = layout(expires="2026-11-21T12:00:01Z")
    assert isinstance(run(second, BUILD), Passed)
    assert codes(run(second, BUILD, now=NOW + timedelta(seconds=1))) == ["layout-expired"]


@pytest.mark.parametrize(
    "wrong",
    [{}, {"layout": []}, {"layout": {}, "links": [{}] * 1001}, {"layout": {}, "links": 1}],
)
def test_a_layout_set_that_is_not_one_is_refused(wrong: object) -> None:
    assert not isinstance(parse(TYPE, wrong), LayoutSet)


@pytest.mark.parametrize("keys", [[], ["x"], [""]])
def test_a_policy_without_a_readable_key_is_refused_at_load(keys: list[str]) -> None:
    with pytest.raises(ValidationError):
        asked(LayoutParams, by=["ci"], keys=keys)


@pytest.mark.parametrize("key", ["expires", "steps"])
def test_r260_a_layout_that_parsers_read_differently_proves_nothing(key: str) -> None:
    body = base64.b64decode(layout()["payload"])
    again = json.dumps({key: json.loads(body)[key]}).encode()[:-1] + b"," + body[1:]
    kind = b"application/vnd.in-toto+json"
    signature = OWNER.sign(b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(again), again))
    twice = {
        "payloadType": kind.decode(),
        "payload": base64.b64encode(again).decode(),
        "signatures": [{"keyid": "", "sig": base64.b64encode(signature).decode()}],
    }
    assert codes(run(twice, BUILD)) == ["layout-malformed"]


def said(outcome: Outcome) -> list[str]:
    return [f.message for f in findings(outcome)]


def test_every_step_without_links_is_named() -> None:
    both = layout(step("clone"), step("build"))
    lacks = "has 0 links by distinct authorised keys; the layout demands 1"
    assert said(run(both)) == [f"step clone {lacks}; step build {lacks}"]


def test_a_broken_rule_is_told_with_its_step_and_its_artifacts_in_one_order() -> None:
    made = {name: {"sha256": "b" * 64} for name in "gfedcba"}
    body = json.loads(base64.b64decode(BUILD["payload"])) | {"products": made}
    strict = layout(step("build", ["ALLOW", "a"], ["DISALLOW", "*"]))
    assert said(run(strict, dsse(body, BUILDER))) == [
        "step build, its products: DISALLOW * matches b, c, d, e, f and 1 more"
    ]


def test_a_required_artifact_that_is_not_there_is_named() -> None:
    assert said(run(layout(step("build", ["REQUIRE", "x"])), BUILD)) == [
        "step build, its products: REQUIRE x does not find it"
    ]


def test_links_that_disagree_are_told_with_the_artifact() -> None:
    two = layout(step("build", threshold=2, keys=(BUILDER, OTHER)))
    same = link("build", product=INDEX.hex, material="a" * 64)
    differ = link("build", product="b" * 64, material="a" * 64, key=OTHER)
    assert said(run(two, same, differ)) == ["step build: its links disagree on build"]


@pytest.mark.parametrize("reverse", [False, True])
def test_two_links_of_one_key_that_differ_count_neither_way(reverse: bool) -> None:  # noqa: FBT001  # a parameter of the test
    links = [BUILD, link("build", product="b" * 64)]
    outcome = run(layout(), *(reversed(links) if reverse else links))
    assert codes(outcome) == ["layout-links-disagree"]


def test_a_key_written_in_two_ways_is_one_functionary() -> None:
    again = {**public(BUILDER), "keyid": "a" * 64}
    keys = {keyid(BUILDER): public(BUILDER), "a" * 64: again}
    two = step("build", threshold=2) | {"pubkeys": [keyid(BUILDER), "a" * 64]}
    assert codes(run(layout(two, keys=keys), BUILD)) == ["layout-step-unproven"]


def test_a_pass_ends_with_the_last_second_of_the_layout() -> None:
    outcome = run(layout(), BUILD)
    assert isinstance(outcome, Passed)
    assert outcome.until == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_more_signers_of_a_set_than_there_can_be_are_refused_at_load() -> None:
    context = {"signers": ("ci",), "literal": frozenset({"ci"})}
    asks = {"by": ["ci"], "keys": [pem(OWNER)], "file": None}
    assert LayoutParams.model_validate(asks, context=context).at_least == 1
    with pytest.raises(ValidationError, match="at-least is 2, and no more than 1 can count"):
        LayoutParams.model_validate({**asks, "at-least": 2}, context=context)


@pytest.mark.parametrize("wrong", [{}, {"by": []}])
def test_a_layout_by_nobody_and_from_no_file_is_refused_at_load(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        asked(LayoutParams, keys=[pem(OWNER)], **wrong)


def test_that_a_layout_expired_hides_nothing_else_that_is_wrong() -> None:
    past: dict[str, Any] = {"expires": "2026-11-21T12:00:00Z"}
    elsewhere = link("build", product="b" * 64)
    assert codes(run(layout(**past), elsewhere)) == ["layout-expired", "layout-another-product"]
    assert codes(run(layout(**past))) == ["layout-expired", "layout-step-unproven"]
    assert said(run(layout(**past)))[0] == "the layout expired at 2026-11-21T12:00:00Z"
    broken = layout(step("build", ["DISALLOW", "*"]), **past)
    assert codes(run(broken, BUILD)) == ["layout-expired", "layout-rule-broken"]


def test_every_problem_of_a_layout_has_its_own_next_step() -> None:
    source = "".join(
        p.read_text() for p in (Path(__file__).parents[2] / "gate" / "checks").rglob("*.py")
    )
    codes = set(re.findall(r'Problem\(\s*"([a-z-]+)"', source)) | {"layout-expired"}
    assert codes == set(REMEDIES)
    assert len(set(REMEDIES.values())) == len(REMEDIES)
