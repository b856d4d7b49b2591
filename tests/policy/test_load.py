"""Policies that are refused, each with its code, its place and a next step."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from gate.errors import PolicyError
from gate.model.image import ImageReference
from gate.model.kubernetes import ImagePosition
from gate.policy.load import MAX_POLICY_BYTES, load_policy
from tests.builders.in_toto import OWNER, layout, pem
from tests.builders.policies import GOOD, KEY, load


def refused(text: str, files: dict[str, bytes] | None = None) -> tuple[str, str]:
    with pytest.raises(PolicyError) as caught:
        load(text, files)
    assert caught.value.remedy
    place = caught.value.location
    return caught.value.code, f"{place.line}:{place.column}" if place else "-"


def test_a_policy_in_order_is_read() -> None:
    policy = load(GOOD)
    entry = policy.entry(ImageReference.parse("ghcr.io/acme/shop:1"))
    assert entry is not None
    assert sorted(entry.checks) == ["scan-age", "signature"]
    assert policy.entry(ImageReference.parse("nginx")) is None
    assert policy.files == {"keys/scanner.pub": KEY}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n"])
def test_r001_an_empty_policy_is_refused(text: str) -> None:
    assert refused(text)[0] == "policy-not-one-document"


def test_r001_a_policy_without_images_is_refused() -> None:
    assert refused("{}\n") == ("policy-missing-key", "1:1")
    assert refused("version: 1\nimages: []\n") == ("policy-bad-value", "2:1")


def test_two_documents_are_not_one_policy() -> None:
    assert refused(GOOD + "---\n" + GOOD)[0] == "policy-not-one-document"


@pytest.mark.parametrize(
    ("good", "bad", "code", "place"),
    [
        ("registries:", "regstries:", "policy-unknown-key", "8:1"),
        ("    signature: {by: [ci]}", "    signatur: {by: [ci]}", "policy-unknown-key", "12:5"),
        ("signature: {by: [ci]}", "signature: {bye: [ci]}", "policy-unknown-key", "12:17"),
        ("signature: {by: [ci]}", "signature: {}", "policy-missing-key", "12:5"),
        ("signature: {by: [ci]}", "signature: {by: [ci], x: 1}", "policy-unknown-key", "12:27"),
        ("signature: {by: [ci]}", "signature: {by: []}", "policy-bad-value", "12:17"),
        ("signature: {by: [ci]}", "signature: {by: [cii]}", "policy-bad-value", "12:22"),
        ("signature: {by: [ci]}", "signature: {by: ci}", "policy-bad-value", "12:17"),
        ("signature: {by: [ci]}", "signature:", "policy-empty-value", "12:5"),
        ("{by: [ci]}", "{by: [ci], at-least: 0}", "policy-bad-value", "12:27"),
        ("max-age: 7d", "max-age: 7", "policy-bad-value", "13:31"),
        ("max-age: 7d", "max-age: seven days", "policy-bad-value", "13:31"),
        ("allow: [ghcr.io/acme]", "allow: []", "policy-bad-value", "9:3"),
        ("allow: [ghcr.io/acme]", "allow:", "policy-empty-value", "9:3"),
        ("allow: [ghcr.io/acme]", "allow: ['ghcr.io/*']", "policy-bad-value", "9:11"),
        ("match: ghcr.io/acme/**", "match: acme/*", "policy-bad-value", "11:5"),
        ("version: 1", "version: '1'", "policy-bad-value", "1:1"),
        ("version: 1", "version: 2", "policy-bad-value", "1:1"),
        ("version: 1", "version: true", "policy-bad-value", "1:1"),
        ("profile: gate", "profile: everything", "policy-bad-value", "15:3"),
        ("profile: gate", "profile: gate\n  prfile: x", "policy-unknown-key", "16:3"),
        ("profile: gate", "profile: gate\n  off: [no-such]", "policy-bad-value", "16:9"),
        ("version: 1", "version: 1\n\tx: 1", "yaml-parse-error", "2:1"),
        ("version: 1", "version: 1\nversion: 1", "yaml-duplicate-key", "2:1"),
        ("version: 1", "version: [", "yaml-parse-error", None),
    ],
)  # fmt: skip
def test_r002_r016_r017_r018_a_mistake_is_refused_at_its_place(
    good: str, bad: str, code: str, place: str | None
) -> None:
    found = refused(GOOD.replace(good, bad, 1))
    assert found[0] == code
    assert place in {None, found[1]}


def test_a_key_that_yaml_takes_for_a_boolean_is_the_word_that_stands_there() -> None:
    text = GOOD.replace("signature: {by: [ci]}", "signature: {by: [ci], on: platforms}")
    entry = load(text).entry(ImageReference.parse("ghcr.io/acme/shop"))
    assert entry is not None
    assert getattr(entry.checks["signature"], "on") == "platforms"  # noqa: B009  # of this check


def test_a_misspelt_key_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(PolicyError) as caught:
        load(GOOD.replace("registries:", "regstries:"))
    assert caught.value.problem == "unknown key 'regstries'"
    assert caught.value.remedy == "did you mean 'registries'?"


def test_r001_an_entry_that_asks_for_nothing_is_refused() -> None:
    text = GOOD.replace("    signature: {by: [ci]}\n", "").replace(
        "    scan-age: {by: [scanner], max-age: 7d}\n", ""
    )
    assert refused(text) == ("policy-asks-nothing", "11:5")


def test_an_entry_that_no_image_reaches_is_refused() -> None:
    text = GOOD.replace(
        "manifests:", "  - match: ghcr.io/acme/shop\n    signature: {by: [ci]}\nmanifests:"
    )
    assert refused(text) == ("policy-entry-unreachable", "14:5")


def test_a_key_file_that_is_not_there_is_refused_at_its_signer() -> None:
    assert refused(GOOD, {}) == ("policy-file-unreadable", "7:3")


def test_a_huge_policy_is_not_read() -> None:
    assert refused(GOOD + "#" * MAX_POLICY_BYTES)[0] == "policy-too-large"


def test_the_digest_covers_what_the_policy_says_and_refers_to_and_no_comment() -> None:
    digest = load(GOOD).digest
    assert load("# a comment\n" + GOOD).digest == digest
    assert load(GOOD.replace("7d", "8d")).digest != digest
    assert load(GOOD, {"keys/scanner.pub": KEY + b"x"}).digest != digest


@pytest.mark.parametrize("field", ["issuer", "identity"])
@pytest.mark.parametrize("value", ['""', "", "'*'", "[]", "null"])
def test_r010_a_signer_whose_identity_demands_nothing_is_refused(field: str, value: str) -> None:
    lines = [
        f"    {field}: {value}" if f" {field}: " in line else line for line in GOOD.splitlines()
    ]
    assert refused("\n".join(lines))[0] in {"policy-bad-value", "policy-empty-value"}


@pytest.mark.parametrize("sign", ["{}", "{keyless: false}", "{keyless: true, key: a}", "null"])
def test_r019_an_empty_security_section_is_refused(sign: str) -> None:
    text = GOOD + f"pass: {{environment: production, valid-for: 24h, sign: {sign}}}\n"
    assert refused(text)[0] in {"policy-bad-value", "policy-empty-value"}


@pytest.mark.parametrize("threshold", ["0", "-1", "2", "true", "1.5", "'1'", "null"])
def test_r009_r083_a_threshold_that_cannot_be_met_is_refused(threshold: str) -> None:
    text = GOOD.replace("{by: [scanner]", f"{{by: [scanner], at-least: {threshold}")
    assert refused(text)[0] in {"policy-bad-value", "policy-empty-value"}


def test_a_pattern_of_identities_may_be_many_signers() -> None:
    policy = load(GOOD.replace("signature: {by: [ci]}", "signature: {by: [ci], at-least: 2}"))
    assert policy.signers["ci"].literal is False
    assert policy.signers["scanner"].literal is True


def test_a_misspelt_key_is_told_rather_than_the_one_that_is_missing_for_it() -> None:
    text = GOOD.replace("images:", "imagse:")
    assert refused(text) == ("policy-unknown-key", "10:1")
    with pytest.raises(PolicyError, match="unknown key 'imagse'") as caught:
        load(text)
    assert caught.value.remedy == "did you mean 'images'?"


@pytest.mark.parametrize("bound", ["0d", "367d", "99999w", "90", "never", "null"])
def test_r097_waivers_without_an_end_cannot_be_asked_for(bound: str) -> None:
    assert refused(f"{GOOD}max-waiver: {bound}\n")[0] in {"policy-bad-value", "policy-empty-value"}


def test_r194_a_policy_says_how_far_ahead_waivers_may_end() -> None:
    assert load(GOOD).max_waiver == timedelta(days=90)
    assert load(f"{GOOD}max-waiver: 2w\n").max_waiver == timedelta(days=14)


def test_r198_a_waiver_changes_the_policy_s_digest_which_the_deployment_must_accept() -> None:
    waived = (
        "waivers:\n  - {check: vulnerabilities, finding: CVE-2026-1, image: ghcr.io/acme/shop, "
        "owner: me, reason: mine, expires: 2026-12-31}\n"
    )
    assert load(GOOD + waived).digest != load(GOOD).digest


WAIVED = """\
waivers:
  - check: CHECK
    finding: CVE-2026-1
    image: ghcr.io/acme/shop
    owner: me
    reason: mine
    expires: 2026-12-31
"""


@pytest.mark.parametrize("check", ["vulnerabilities", "privileged-container"])
def test_a_waiver_may_be_of_any_check_or_rule(check: str) -> None:
    known = {"vulnerabilities", "privileged-container"}
    assert len(load(GOOD + WAIVED.replace("CHECK", check), waivable=known).waivers) == 1


@pytest.mark.parametrize(
    ("check", "remedy"),
    [
        ("vulnerability", "did you mean 'vulnerabilities'?"),
        ("zzz", "`gate lint --list` lists the rules, and `gate schema` names the checks"),
    ],
)
def test_a_waiver_of_no_check_that_there_is_is_refused_at_its_place(
    check: str, remedy: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        load(GOOD + WAIVED.replace("CHECK", check), waivable={"vulnerabilities", "sbom"})
    assert caught.value.code == "policy-bad-value"
    assert str(caught.value.location) == f"p.yaml:{GOOD.count(chr(10)) + 2}:5"
    assert caught.value.remedy == remedy


@pytest.mark.parametrize("version", ["0", "-1", "2"])
def test_r096_a_policy_of_another_version_is_not_read(version: str) -> None:
    assert refused(GOOD.replace("version: 1", f"version: {version}"))[0] == "policy-bad-value"


LAYOUT = f"""\
version: 1
images:
  - match: ghcr.io/acme/shop
    layout:
      keys: [{json.dumps(pem(OWNER))}]
      file: release.layout
"""


def test_a_layout_file_is_read_with_the_policy_and_its_digest_covers_it() -> None:
    content = json.dumps(layout()).encode()
    policy = load(LAYOUT, {"release.layout": content})
    assert policy.files == {"release.layout": content}
    assert load(LAYOUT, {"release.layout": content + b"\n"}).digest != policy.digest


def test_a_layout_file_that_is_not_there_is_refused_at_its_key() -> None:
    assert refused(LAYOUT, {}) == ("policy-file-unreadable", "6:7")


@pytest.mark.parametrize(
    ("more", "place"),
    [("by: [ci]", "4:5"), ("at-least: 2", "4:5")],
)
def test_what_a_layout_file_has_no_use_for_is_refused(more: str, place: str) -> None:
    text = LAYOUT.replace("images:", "signers: {ci: {key: ci.pub}}\nimages:") + f"      {more}\n"
    line, _, column = place.partition(":")
    files = {"release.layout": json.dumps(layout()).encode(), "ci.pub": KEY}
    assert refused(text, files) == ("policy-bad-value", f"{int(line) + 1}:{column}")


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ("signature: {by: [ci]}", "signature: {by: ci}", "write a list, such as [a, b], here"),
        ("{by: [ci]}", "{by: [ci], at-least: two}", "write a whole number here"),
        ("signature: {by: [ci]}", "signature: [ci]", "write a section, keys with their values,"),
        ("version: 1", "version: 1\n\tx: 1", "here is a tab, and YAML is indented with spaces"),
        ("profile: gate", "profile: everything", "this should be 'kube-linter', "),
    ],
)
def test_what_is_wrong_is_said_in_words_of_yaml_and_of_no_library(
    good: str, bad: str, says: str
) -> None:
    with pytest.raises(PolicyError) as raised:
        load(GOOD.replace(good, bad, 1))
    assert says in raised.value.problem
    assert "valid" not in raised.value.problem


def test_a_key_that_is_none_is_found_with_the_policy_at_its_place() -> None:
    def check_key(data: bytes) -> None:
        if data:
            msg = "this is a private key"
            raise ValueError(msg)

    with pytest.raises(PolicyError) as raised:
        load_policy(
            GOOD.encode(),
            "p.yaml",
            checks={},
            check_rules=lambda _: None,
            check_key=check_key,
            read=lambda _: b"key",
        )
    assert raised.value.code == "policy-key-malformed"
    assert raised.value.location is not None
    assert "this is a private key" in raised.value.problem


def test_a_policy_says_what_fields_of_custom_objects_are() -> None:
    policy = load(
        GOOD.replace(
            "  profile: gate\n",
            "  images:\n"
            "    - {kind: ops.example.org/Broker, path: 'spec.pools[*].engine', tag: spec.tag}\n"
            "    - {kind: Broker, path: spec.pictures, ignore: for the console}\n"
            "    - {kind: Broker, path: spec.logo, ignore: true}\n",
        )
    )
    assert policy.manifests is not None
    assert policy.manifests.positions == (
        ImagePosition("ops.example.org/Broker", "spec.pools[*].engine", "spec.tag"),
        ImagePosition("Broker", "spec.pictures", ignore=True),
        ImagePosition("Broker", "spec.logo", ignore=True),
    )
