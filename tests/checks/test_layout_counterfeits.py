"""Ways to make an in-toto layout prove more than its links say: each is refused for what it is."""

from __future__ import annotations

import base64
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from gate.checks.layout import CHECK, LayoutParams
from gate.model.predicates import LayoutSet
from gate.model.verdict import Outcome, Passed
from gate.predicates import parse, types
from tests.builders.in_toto import BUILD, BUILDER, OTHER, OWNER, dsse, keyid, layout, public, step
from tests.builders.in_toto import pem as pem_of
from tests.checks import given

TYPE: Final = types.LAYOUT[0]
IMAGE: Final = {"sha256": given.INDEX.hex}
KEYID: Final = "a" * 64
Json = Any


def outcome(signed: Json, *links: Json) -> Outcome:
    said = parse(TYPE, {"layout": signed, "links": list(links)})
    assert isinstance(said, LayoutSet)
    asked = given.asked(LayoutParams, by=["ci"], keys=[pem_of(OWNER)])
    image = given.image(given.attested(said, predicate_type=TYPE))
    return CHECK.run(image, asked, given.NOW)


def run(signed: Json, *links: Json) -> str:
    """Return the codes of what is wrong, or `passed`."""
    return told(outcome(signed, *links))


def message(signed: Json, *links: Json) -> str:
    """Return the message of the only finding."""
    (found,) = given.findings(outcome(signed, *links))
    return found.message


def told(said: Outcome) -> str:
    return "passed" if isinstance(said, Passed) else ", ".join(given.codes(said))


def made(
    name: str,
    products: Json,
    materials: Json = None,
    *,
    key: ed25519.Ed25519PrivateKey = BUILDER,
    **more: Json,
) -> Json:
    stated = {"materials": materials or {}, "products": products, "command": []}
    rest: dict[str, Json] = {"byproducts": {}, "environment": {}}
    return dsse({"_type": "link", "name": name, **stated, **rest, **more}, key)


def hashed(digit: str, name: str = "sha256", *, digits: int = 64) -> dict[str, str]:
    return {name: digit * digits}


def rules(*materials: list[str], products: tuple[list[str], ...] = ()) -> Json:
    """Return a layout of `clone`, and of `build` with rules of its materials and products."""
    build = {**step("build", *products), "expected_materials": list(materials)}
    return layout(step("clone"), build)


def judged(
    cloned: Json, taken: Json, *materials: list[str], products: tuple[list[str], ...] = ()
) -> str:
    links = made("clone", cloned), made("build", {"image": IMAGE}, taken)
    return run(rules(*materials, products=products), *links)


A: Final = hashed("a")
B: Final = hashed("b")
ALL: Final = ["DISALLOW", "*"]
SAME: Final = (["MATCH", "*", "WITH", "PRODUCTS", "FROM", "clone"], ALL)
BELOW: Final = (
    ["MATCH", "*", "IN", "src", "WITH", "PRODUCTS", "IN", "src", "FROM", "clone"],
    ["ALLOW", "src/*"],
    ALL,
)
SLASHED: Final = (
    ["MATCH", "*", "IN", "src/", "WITH", "PRODUCTS", "IN", "src/", "FROM", "clone"],
    ALL,
)
OUT: Final = (["MATCH", "*", "WITH", "PRODUCTS", "IN", "out", "FROM", "clone"], ALL)
BACKSLASH: Final = (["MATCH", "a\\*", *BELOW[0][2:]], *BELOW[1:])
UNFIT, BROKEN = "layout-malformed", "layout-rule-broken"


@pytest.mark.parametrize(
    ("cloned", "taken", "code"),
    [
        ({"a": A}, {"a": A}, "passed"),
        ({"a": hashed("a", "sha512", digits=128)},) * 2 + ("passed",),
        ({"a": {**A, "md5": "0" * 32}},) * 2 + ("passed",),
        ({"a": {}}, {"a": {}}, UNFIT),
        ({"a": hashed("a", "md5", digits=32)},) * 2 + (UNFIT,),
        ({"a": hashed("a", "sha1", digits=40)},) * 2 + (UNFIT,),
        ({"a": hashed("a", digits=2)},) * 2 + (UNFIT,),
        ({"a": hashed("a", "SHA256")},) * 2 + (UNFIT,),
        ({"a": A}, {"a": B}, BROKEN),
        ({"a": A}, {"b": A}, BROKEN),
        ({"a": A}, {"a": hashed("A")}, BROKEN),
        ({"a": A}, {"a": {**A, "sha512": "0" * 128}}, BROKEN),
        ({"a": A}, {"a": A, "b": A}, BROKEN),
    ],
)
def test_a_match_is_of_two_artifacts_with_one_safe_hash(
    cloned: Json, taken: Json, code: str
) -> None:
    assert judged(cloned, taken, *SAME) == code


@pytest.mark.parametrize(
    ("cloned", "taken", "materials", "code"),
    [
        ({"src/a": A}, {"src/a": A}, BELOW, "passed"),
        ({"src/a": A, "/etc/x": B}, {"src//etc/x": A, "/etc/x": B}, BELOW, UNFIT),
        ({"src/a": A}, {"src//etc/x": A}, BELOW, UNFIT),
        ({"src//x": A, "/x": A}, {"src//x": A, "/x": A}, BELOW, UNFIT),
        ({"src/a": A}, {"src/a": A}, SLASHED, "passed"),
        ({"out/a": A}, {"a": A}, OUT, "passed"),
        ({"out/a/b": A}, {"a/b": A}, OUT, "passed"),
        ({"out/a/b": A}, {"a\\b": A}, OUT, UNFIT),
        ({"src/a/b": A}, {"src/a\\b": B, "src/a/b": A}, BACKSLASH, UNFIT),
        ({"src/a/b": A}, {"src/a/b": A}, BACKSLASH, "passed"),
        ({"src/a": A}, {"srcs/a": A}, BELOW, BROKEN),
        ({"/etc/x": A}, {"/etc/x": A}, SAME, "passed"),
        ({"/etc/x": A}, {"/etc/x": A}, OUT, UNFIT),
        ({"a": A}, {"a": A}, (["MATCH", "*", "WITH", "PRODUCTS", "FROM", "nobody"], ALL), BROKEN),
        ({"a": A}, {"a": A}, (["MATCH", "*", "WITH", "MATERIALS", "FROM", "clone"], ALL), BROKEN),
        ({"a": A}, {"a": A}, (["match", "*", "with", "products", "from", "Clone"], ALL), BROKEN),
    ],
)
def test_a_match_takes_what_is_below_its_folder_and_in_the_step_that_it_names(
    cloned: Json, taken: Json, materials: tuple[list[str], ...], code: str
) -> None:
    assert judged(cloned, taken, *materials) == code


@pytest.mark.parametrize(
    ("taken", "products", "code"),
    [
        ({}, (["CREATE", "image"], ALL), "passed"),
        ({"image": IMAGE}, (["CREATE", "image"], ALL), BROKEN),
        ({"image": B}, (["MODIFY", "image"], ALL), "passed"),
        ({"image": IMAGE}, (["MODIFY", "image"], ALL), BROKEN),
        ({}, (["DISALLOW", "[!x]*"],), BROKEN),
        ({}, (["disallow", "*"],), BROKEN),
        ({}, (["REQUIRE", "image"],), "passed"),
        ({}, (["REQUIRE", "*"],), BROKEN),
        ({}, (["ALLOW", "*"], ["REQUIRE", "image"]), BROKEN),
        ({}, (["DISALOW", "*"],), UNFIT),
        ({}, (["DISALLOW", 7],), UNFIT),
        ({}, (["ALLOW"],), UNFIT),
        ({}, ("DISALLOW *",), UNFIT),
    ],
)
def test_a_rule_holds_as_it_is_written_or_the_layout_is_refused(
    taken: Json, products: tuple[Json, ...], code: str
) -> None:
    assert judged({}, taken, products=products) == code


def test_what_a_step_deletes_is_not_among_its_products() -> None:
    gone = (["DELETE", "tmp"], ALL)
    assert judged({}, {"tmp": A}, *gone) == "passed"
    kept = made("build", {"image": IMAGE, "tmp": A}, {"tmp": A})
    assert run(rules(*gone), made("clone", {}), kept) == BROKEN


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (["DISALOW", "*"], "step 1 has the rule 'DISALOW', which in-toto does not know"),
        ([7, "*"], "the name of a rule of step 1 is missing or not text"),
        ([], "the name of a rule of step 1 is missing or not text"),
        ("DISALLOW *", "a rule of step 1 is not a list"),
    ],
)
def test_a_rule_that_there_is_not_is_told_in_the_same_words_in_each_run(
    rule: Json, why: str
) -> None:
    assert message(layout(step("build", rule)), BUILD) == f"the layout cannot be read: {why}"


def test_a_rule_that_in_toto_knows_and_gate_does_not_is_no_rule_that_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = layout(step("build", ["ALLOW", "*"]))
    assert run(one, BUILD) == "passed"
    newer = {"rule_type": "sign", "pattern": "*"}
    monkeypatch.setattr("in_toto.rulelib.unpack_rule", lambda _: newer)
    why = "a rule cannot be judged: there is no rule 'sign'"
    assert message(one, BUILD) == f"step build, its products: {why}"


ONE: Final = step("build")
STATED: Final = ("pubkeys", "threshold", "expected_materials", "expected_products")


def without(stated: Json, part: str) -> Json:
    return {name: value for name, value in stated.items() if name != part}


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        (layout(ONE), "passed"),
        (layout(ONE, _type="link"), UNFIT),
        (layout(ONE, _type=None), UNFIT),
        (layout(ONE | {"_type": "inspection"}), UNFIT),
        (layout(ONE | {"name": 7}), UNFIT),
        (layout(ONE | {"name": ""}), UNFIT),
        (layout(ONE, ONE), UNFIT),
        (layout("build"), UNFIT),
        (layout(step("build", threshold=0)), "passed"),
        (layout(step("build", threshold=-1)), "passed"),
        (layout(ONE | {"threshold": "0"}), UNFIT),
        (layout(ONE | {"threshold": None}), UNFIT),
        (layout(ONE | {"pubkeys": []}), "layout-step-unproven"),
        (layout(ONE | {"pubkeys": [KEYID]}), "layout-step-unproven"),
        (layout(ONE | {"pubkeys": keyid(BUILDER)}), UNFIT),
        (layout(ONE, step("pack")), "layout-step-unproven"),
        (layout(ONE, inspect={}), "layout-has-inspections"),
        (layout(ONE, inspect=False), "layout-has-inspections"),
        *((layout(without(ONE, part)), UNFIT) for part in STATED),
        *((layout(without(ONE, part) | {f"{part}s": 2}), UNFIT) for part in STATED),
        (layout(without(ONE, "expected_command")), "passed"),
        (layout(ONE, keys=[]), UNFIT),
        (layout(ONE, expires=None), UNFIT),
        (layout(ONE, expires=["2027-01-01T00:00:00Z"]), UNFIT),
        (layout(ONE, expires="2027-01-01T00:00:00+00:00"), UNFIT),
        (layout(ONE, expires="0001-01-01T00:00:00Z"), UNFIT),
        (layout(ONE, expires="0002-01-01T00:00:00Z"), "layout-expired, layout-another-product"),
        (layout(ONE, expires="9999-12-31T23:59:59Z"), "passed"),
    ],
)
def test_a_layout_of_an_odd_form_proves_nothing(signed: Json, code: str) -> None:
    links = [made("build", {"image": IMAGE if "another" not in code else B})]
    assert run(signed, *links) == code


def test_a_step_that_demands_no_link_has_to_have_one() -> None:
    for threshold in (0, -1):
        assert run(layout(step("build", threshold=threshold))) == "layout-step-unproven"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (made("build", {"image": IMAGE}), "passed"),
        (made("build", {"image": IMAGE}, key=OTHER), "layout-step-unproven"),
        (made("clone", {"image": IMAGE}), "layout-step-unproven"),
        (made("Build", {"image": IMAGE}), "layout-step-unproven"),
        (made("build", {}, {"image": IMAGE}), "layout-another-product"),
        (made("build", {"image": {"sha256": given.INDEX.hex.upper()}}), "layout-another-product"),
        (made("build", {"image": {"sha512": given.INDEX.hex * 2}}), "layout-another-product"),
        (made("build", {"image": {"sha256": f"{given.INDEX.hex}\n"}}), UNFIT),
        (made("build", {"image": {"sha256": [given.INDEX.hex]}}), UNFIT),
        (made("build", [{"image": IMAGE}]), UNFIT),
        (made("build", None), UNFIT),
        (made("build", {"image": IMAGE}, _type=["link"]), UNFIT),
        (made("build", {"image": IMAGE}, _type="https://in-toto.io/Statement/v1"), UNFIT),
        (made(["build"], {"image": IMAGE}), "layout-step-unproven"),  # type: ignore[arg-type]  # as said
    ],
)
def test_a_link_proves_what_its_functionary_signed_as_the_product_of_its_step(
    link: Json, code: str
) -> None:
    assert run(layout(ONE), link) == code


@pytest.mark.parametrize("part", ["materials", "products"])
def test_a_link_says_what_its_step_took_and_made(part: str) -> None:
    whole = {"_type": "link", "name": "clone", "materials": {}, "products": {}}
    two = layout(step("clone"), ONE)
    rest: dict[str, Json] = {"command": [], "byproducts": {}, "environment": {}}
    assert run(two, dsse({**whole, **rest}, BUILDER), BUILD) == "passed"
    assert run(two, dsse(without({**whole, **rest}, part), BUILDER), BUILD) == UNFIT


def test_the_products_of_an_earlier_step_are_not_the_image() -> None:
    two = layout(ONE, step("pack"))
    assert run(two, BUILD, made("pack", {"x": B})) == "layout-another-product"
    assert run(two, made("build", {"x": B}), made("pack", {"x": IMAGE})) == "passed"


def unusual(old: str, new: str) -> str:
    """Return a P-256 key in PEM in which one object identifier is another."""
    key = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    changed = der.replace(bytes.fromhex(old), bytes.fromhex(new))
    text = base64.encodebytes(changed).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n"


def spki(key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey) -> str:
    form = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    return str(key.public_bytes(*form).decode())


SHORT: Final = rsa.RSAPublicNumbers(65537, (1 << 1023) + 1).public_key()
STRANGE: Final = unusual("06072a8648ce3d0201", "06072a8648ce3d0209")
CURVE: Final = unusual("06082a8648ce3d030107", "06082a8648ce3d030109")
POINT: Final = f"01{'00' * 31}"
"""An Ed25519 key of order 1: the point itself and nought is its signature over every text."""
SMALL: Final = (
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    "-----END PUBLIC KEY-----\n"
)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ([SMALL], "everybody can sign with this Ed25519 key"),
        ([spki(SHORT)], "RSA keys of 1024 bits are not accepted"),
        ([STRANGE], "this is not a public key"),
        ([CURVE], "this is not a public key"),
        ([spki(ec.derive_private_key(7, ec.SECP256K1()).public_key())], "keys on the curve"),
        ([pem_of(OWNER) + pem_of(OTHER)], "more than one key"),
        ([pem_of(OWNER), pem_of(OWNER)], "one key is there twice"),
        ([f"words\n{pem_of(OWNER)}"], "not a PEM public key"),
    ],
)
def test_the_key_of_an_owner_is_one_that_a_signer_could_have(keys: list[str], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        given.asked(LayoutParams, by=["ci"], keys=keys)


def test_two_owners_with_a_key_each_are_read() -> None:
    keys = [pem_of(OWNER), pem_of(OTHER)]
    assert given.asked(LayoutParams, by=["ci"], keys=keys).keys == tuple(keys)


def anybody() -> Json:
    """Return the link that everybody can sign for a key of order 1."""
    link = made("build", {"image": IMAGE})
    signature = base64.b64encode(bytes.fromhex(POINT) + bytes(32)).decode()
    return link | {"signatures": [{"keyid": "", "sig": signature}]}


@pytest.mark.parametrize(
    ("kind", "scheme", "text", "why"),
    [
        ("ed25519", "ed25519", POINT, "everybody can sign with this Ed25519 key"),
        ("rsa", "rsassa-pss-sha256", spki(SHORT), "RSA keys of 1024 bits are not accepted"),
        ("ecdsa", "ecdsa-sha2-nistp256", STRANGE, "this is not a public key"),
        ("ecdsa", "ecdsa-sha2-nistp256", CURVE, "this is not a public key"),
        ("ecdsa", "ecdsa-sha2-nistp256", spki(OWNER.public_key()), ""),
    ],
)
def test_a_functionary_whose_key_no_signer_could_have_counts_for_nothing(
    kind: str, scheme: str, text: str, why: str
) -> None:
    stated = {"keyid": KEYID, "keytype": kind, "scheme": scheme, "keyval": {"public": text}}
    keys = {KEYID: stated, keyid(BUILDER): public(BUILDER)}
    weak = layout(ONE | {"pubkeys": [KEYID]}, keys=keys)
    assert run(weak, anybody()) == "layout-step-unproven"
    told = f"; its key {KEYID[:8]} does not count: {why}" if why else ""
    rest = message(weak, anybody()).partition("the layout demands 1")[2]
    assert (rest.startswith(told), bool(rest)) == (True, bool(told))
    either = ONE | {"pubkeys": [KEYID, keyid(BUILDER)]}
    assert run(layout(either, keys=keys), made("build", {"image": IMAGE})) == "passed"


@pytest.mark.parametrize(
    "stated",
    [
        {"keyval": []},
        {"keyval": None},
        {"keyval": {"public": 7}},
        {"keytype": "sigstore-oidc"},
        {"scheme": "rsassa-pss-md5"},
    ],
)
def test_a_key_that_is_none_breaks_nothing(stated: dict[str, Json]) -> None:
    keys = {keyid(BUILDER): public(BUILDER) | stated}
    assert run(layout(ONE, keys=keys), made("build", {"image": IMAGE})) == UNFIT


def test_a_subkey_of_a_functionary_is_another_key() -> None:
    keys = {keyid(BUILDER): public(BUILDER) | {"subkeys": {keyid(OTHER): public(OTHER)}}}
    link = made("build", {"image": IMAGE}, key=OTHER)
    assert run(layout(ONE, keys=keys), link) == "layout-step-unproven"


def test_the_signatures_of_all_links_are_bounded() -> None:
    link = made("build", {"image": IMAGE})
    fifty = link | {"signatures": link["signatures"] * 50}
    other = made("clone", {}, key=OTHER)
    many = other | {"signatures": other["signatures"] * 50}
    assert run(layout(ONE), *([fifty] * 2)) == "passed"
    assert run(layout(ONE), fifty, *([many] * 39)) == "passed"
    assert run(layout(ONE), fifty, *([many] * 39), other) == UNFIT
