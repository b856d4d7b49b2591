"""Every policy field that has a syntax, with texts that break it, found at load in their place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gate.checks import CHECKS
from gate.errors import PolicyError
from gate.lint.settings import check_rules
from gate.policy.document import PolicyFile
from gate.policy.load import load_policy
from tests.builders.in_toto import OWNER, pem

HEAD = "version: 1\nsigners:\n  ci: {key: ci.pub}\nimages:\n  - match: ghcr.io/acme/**\n"
GIVEN = {
    "sbom": "",
    "signature": "",
    "scan-age": "max-age: 7d",
    "vulnerabilities": "fail-on: high",
    "provenance": "builder: https://b/1",
    "layout": f"keys: [{json.dumps(pem(OWNER))}]",
    "pass": "",
    "configuration": "user: not-root",
}
"""What a check cannot be asked without, besides `by`."""

DURATIONS = ["7", "seven days", "0d", "-1d", "7 d", "7d7h", "1.5h", "P7D", "100000d", "7D", "''"]
LICENSES = ["no-such-licence", "MIT OR Apache-2.0", "MIT AND", "''", "GPL", "LicenseRef-x"]
PURLS = ["left-pad", "pkg:npm", "'pkg:npm/'", "''", "npm/left-pad"]
RANGES = [
    *("'pkg:npm/x@<'", "'pkg:npm/x@<1;2'", "'pkg:npm/x@<latest'", "'pkg:generic/bash@<5'"),
    *("'pkg:npm/x@>=1,'", "'pkg:npm/x@<1 <2'", "'pkg:deb/debian/x@<a:1'"),
]
PATHS = ["''", "'*'", "' a'", '"a\\tb"', "'a/**'"]
PATTERNS = [*PATHS, "'a b'"]
SIGNERS = ["nobody", "''", "CI", "'*'"]
DIGESTS = ["sha256:abc", "'sha256:*'", f"sha512:{'a' * 64}", "latest", f"sha256:{'A' * 64}"]
MANAGED = [
    *(f"kind: {kind}, path: spec.x" for kind in ("deployment", "'Dep*'", "''", "apps/", "a b")),
    *(f"kind: X, path: {path}" for path in ("''", "'.spec'", "'spec..x'", "'[0]'")),
]
PEMS = ["key.pub", "''", "'-----BEGIN PUBLIC KEY-----'"]

IN_LISTS: dict[tuple[str, str], list[str]] = {
    ("sbom", "forbid-licenses"): LICENSES,
    ("sbom", "allow-licenses"): LICENSES,
    ("sbom", "forbid-packages"): [*PURLS, *RANGES],
    ("scan-age", "scanners"): ["'*'", "''", "Trivvy", "my scanner", "no-such-tool"],
    ("vulnerabilities", "deny"): ["''", "'CVE-*'", "' CVE-2026-1'"],
    ("vulnerabilities", "vex"): SIGNERS,
    ("layout", "keys"): PEMS,
    ("pass", "policies"): DIGESTS,
    **{(name, "by"): SIGNERS for name in GIVEN if name != "configuration"},
}
ALONE: dict[tuple[str, str], list[str]] = {
    ("sbom", "minimum-packages"): ["0", "-1", "'3'", "1.5", "true"],
    ("sbom", "minimum-elements"): ["NTIA", "all", "''"],
    ("sbom", "schema"): ["Strict", "none", "''", "true"],
    ("sbom", "describes-image"): ["'yes'", "1", "always"],
    ("scan-age", "max-age"): DURATIONS,
    ("scan-age", "max-database-age"): DURATIONS,
    ("vulnerabilities", "fail-on"): ["High", "none", "''", "7.5", "unknown"],
    ("vulnerabilities", "fail-on-unfixable"): ["High", "no", "''", "always"],
    ("vulnerabilities", "fail-on-cvss"): ["0", "-1", "10.1", "'7'", "high", "true"],
    ("vulnerabilities", "grace"): DURATIONS,
    ("layout", "file"): ["''", "1", "[release.layout]", '"\\0"', "not-a.layout"],
    ("provenance", "builder"): PATTERNS,
    ("provenance", "levels"): ["{https://b/1: 0}", "{https://b/1: 4}", "{https://b/1: '3'}", "{}"],
    ("provenance", "minimum-level"): ["0", "4", "'3'", "L3", "2.5"],
    ("provenance", "source"): [*PATTERNS, "'https://s/*'"],
    ("provenance", "ref"): PATTERNS,
    ("provenance", "entry-point"): PATHS,
    ("provenance", "build-type"): PATTERNS,
    ("provenance", "source-from"): ["materials", "Parameters", "''", "true"],
    ("pass", "verifier"): ["''"],
    ("pass", "environment"): ["''", "'*'", "a b", "-x"],
    ("pass", "max-age"): DURATIONS,
    ("pass", "manifests"): ["Exact", "none", "''"],
    ("pass", "same-signer"): ["maybe", "''", "true"],
    ("pass", "managed"): [f"[{{{bad}}}]" for bad in MANAGED],
    ("pass", "waivers"): ["maybe", "''", "true"],
    ("configuration", "user"): ["root", "''", "1000"],
    ("configuration", "secrets"): ["allow", "''"],
    ("configuration", "ports"): [
        *("all", "''", "[]", "[0/tcp]", "[65536/tcp]", "[http]", "[80/icmp]", "[080/tcp]"),
    ],
    ("digest", "demand"): [],
    ("configuration", "entrypoint"): ["optional", "''"],
    ("configuration", "labels"): ["{}", "[a]", "{a: 1}"],
    ("configuration", "max-age"): DURATIONS,
    **{
        (name, key): bad
        for name in GIVEN
        if name != "configuration"
        for key, bad in (("at-least", ["0", "-1", "'1'", "1.5"]), ("on", ["all", "''", "Index"]))
    },
}
INNER = {("sbom", "base-image"): {"max-age": DURATIONS, "allow": ["[]", "['ghcr.io/*']", "['']"]}}


def entry(check: str, key: str, written: str) -> str:
    """Return a policy whose check asks `key: written` on a line of its own."""
    lines = {line.partition(":")[0]: line for line in GIVEN[check].splitlines() if line}
    if check == "pass":
        lines = {
            "verifier": "verifier: https://acme.example/gate",
            "environment": "environment: production",
            "policies": f"policies: [sha256:{'a' * 64}]",
            "max-age": "max-age: 24h",
            "manifests": "manifests: exact",
        }
    if check != "configuration":
        lines["by"] = "by: [ci]"
    if key == "levels":
        lines["minimum-level"] = "minimum-level: 1"
    lines.pop(key, None)
    asked = "".join(f"      {line}\n" for line in (f"{key}: {written}", *lines.values()))
    return f"{HEAD}    {check}:\n{asked}"


def refused(text: str) -> tuple[str, int | None, int | None]:
    with pytest.raises(PolicyError) as caught:
        load_policy(
            text.encode(),
            "p.yaml",
            checks={name: check.params for name, check in CHECKS.items()},
            check_rules=check_rules,
            read=lambda _: b"-----BEGIN PUBLIC KEY-----\n",
        )
    place = caught.value.location
    assert caught.value.problem
    assert caught.value.remedy
    return caught.value.code, place.line if place else None, place.column if place else None


def cases(table: dict[tuple[str, str], list[str]]) -> list[Any]:
    return [
        pytest.param(check, key, bad, id=f"{check}-{key}-{number}")
        for (check, key), texts in table.items()
        for number, bad in enumerate(texts)
    ]


LINE = HEAD.count("\n") + 2


@pytest.mark.parametrize(("check", "key", "bad"), cases(ALONE))
def test_a_value_that_breaks_its_syntax_is_found_at_load_at_its_key(
    check: str, key: str, bad: str
) -> None:
    code, line, column = refused(entry(check, key, bad))
    assert (code, line) == ("policy-bad-value", LINE)
    assert column is not None
    assert column >= 7


@pytest.mark.parametrize(("check", "key", "bad"), cases(IN_LISTS))
def test_an_item_that_breaks_its_syntax_is_found_at_load_at_the_item(
    check: str, key: str, bad: str
) -> None:
    text = entry(check, key, f"[\n        {bad}]")
    assert refused(text) == ("policy-bad-value", LINE + 1, 9)


@pytest.mark.parametrize(
    ("key", "bad"), [(k, b) for k, bs in INNER["sbom", "base-image"].items() for b in bs]
)
def test_a_base_image_that_breaks_its_syntax_is_found_at_load(key: str, bad: str) -> None:
    rest = "" if key == "allow" else ", allow: [ghcr.io/acme]"
    code, line, _ = refused(entry("sbom", "base-image", f"{{{key}: {bad}{rest}}}"))
    assert (code, line) == ("policy-bad-value", LINE)


def test_no_field_of_any_check_is_left_out() -> None:
    fields = {
        (name, field.alias or key)
        for name, check in CHECKS.items()
        for key, field in check.params.fields().items()
    }
    assert fields == {*ALONE, *IN_LISTS, *INNER}


WAIVER = {
    "check": "vulnerabilities",
    "finding": "CVE-2026-1",
    "image": "ghcr.io/acme/shop",
    "owner": "web",
    "reason": "soon",
    "expires": "2026-12-31",
}


def waivers(key: str) -> str:
    """Return the form of a waiver with one value left open."""
    rest = ", ".join(f"{k}: {v}" for k, v in WAIVER.items() if k != key)
    return f"waivers: [{{{{{rest}, {key}: {{}}}}}}]"


SECTIONS: dict[str, tuple[str, list[str]]] = {
    "max-waiver": ("max-waiver: {}", [*DURATIONS, "367d"]),
    "verifier": ("verifier: {}", ["gate", "''", "'https://a b'", "1"]),
    "registries": ("registries: {{allow: [{}]}}", ["'ghcr.io/*'", "''", "GHCR.io/acme"]),
    "manifests": (
        "manifests: {{kubernetes-version: {}}}",
        ["1.34", "'1.24'", "'2.0'", "v1.34", "''", "latest"],
    ),
    "manifests-profile": ("manifests: {{profile: {}}}", ["strict", "Gate", "''"]),
    "manifests-images": (
        "manifests: {{images: [{}]}}",
        [
            *("", "spec.image", "{kind: Broker}", "{path: spec.image}", "{kind: '', path: a}"),
            *("{kind: A, path: ''}", "{kind: A, path: a, ignore: false}"),
            *("{kind: A, path: a, ignore: ''}", "{kind: A, path: a, tag: b, ignore: true}"),
            "{kind: A, path: a, tag: ''}",
        ],
    ),
    "manifests-warn": ("manifests: {{warn: [{}]}}", ["no-such-rule", "''"]),
    "trusted-roots": (
        "trusted-roots: {{a: {{file: root.json, sha256: {}}}}}",
        ["abc", "'*'", "sha256:1"],
    ),
    "trusted-roots-tuf": (
        f"trusted-roots: {{{{a: {{{{root: r.json, sha256: {'a' * 64}, tuf: {{}}}}}}}}}}",
        ["http://a", "''", "a"],
    ),
    "pass-valid-for": (
        "pass: {{environment: production, valid-for: {}, sign: {{keyless: true}}}}",
        DURATIONS,
    ),
    "pass-environment": (
        "pass: {{environment: {}, valid-for: 24h, sign: {{keyless: true}}}}",
        ["''", "'*'", "a b"],
    ),
    "admission": (
        "admission: {{controllers: [{}]}}",
        ["", "''", "'a b'", "a, a", "1", f"'{'a' * 254}'"],
    ),
    "admission-audit": ("admission: {{audit: [{}]}}", ["", "''", "A", "a.b", "'*'", "a, a"]),
    "admission-audit-labels": (
        "admission: {{audit-labels: {{labels: {}, set-by: [a]}}}}",
        [
            *(
                "{}",
                "{a: ''}",
                "{a: 1}",
                "{'': b}",
                "{a b: c}",
                "{a/: b}",
                "{A.b/c: d}",
                "{a: '*'}",
            ),
            *("{a/b/c: d}", f"{{{'a' * 64}: b}}", f"{{a: {'b' * 64}}}", "[a]"),
        ],
    ),
    "admission-audit-labels-set-by": (
        "admission: {{audit-labels: {{labels: {{a: b}}, set-by: [{}]}}}}",
        ["", "''", "'a b'", "a, a", "1"],
    ),
    "revocations-from": (
        "revocations: {{from: {}, by: [ci], max-age: 1h}}",
        ["''", "r.example/a", f"r.example/a:b@sha256:{'a' * 64}", "'r.example/a:*'", "R/a:b", "1"],
    ),
    "revocations-by": (
        "revocations: {{from: 'r.example/a:b', by: [{}], max-age: 1h}}",
        ["", "nobody", "'*'", "1"],
    ),
    "revocations-max-age": (
        "revocations: {{from: 'r.example/a:b', by: [ci], max-age: {}}}",
        DURATIONS,
    ),
    "shards-by": (
        "shards: {{by: [{}], max-age: 1h, sign: {{key: shard.key}}}}",
        ["", "nobody", "'*'", "1"],
    ),
    "shards-max-age": (
        "shards: {{by: [ci], max-age: {}, sign: {{key: shard.key}}}}",
        DURATIONS,
    ),
    "shards-sign": (
        "shards: {{by: [ci], max-age: 1h, sign: {{{}}}}}",
        ["", "keyless: false", "'key': a, kms: b"],
    ),
    **{
        f"waivers-{key}": (waivers(key), bad)
        for key, bad in {
            "check": ["'*'", "''", "pass"],
            "finding": ["'CVE-*'", "''", "' a'"],
            "image": ["ghcr.io/acme/shop:1", "'ghcr.io/*'", "Acme", "''"],
            "owner": ["''", "' '"],
            "reason": ["''", "' '"],
            "expires": ["never", "2026-13-01", "2026-02-30", "31.12.2026", "''", "2026-1-1"],
        }.items()
    },
}


@pytest.mark.parametrize(
    ("form", "bad"),
    [
        pytest.param(form, bad, id=f"{name}-{number}")
        for name, (form, texts) in SECTIONS.items()
        for number, bad in enumerate(texts)
    ],
)
def test_a_section_s_value_that_breaks_its_syntax_is_found_at_load(form: str, bad: str) -> None:
    asked = f"{HEAD}    signature: {{by: [ci]}}\n"
    code, line, column = refused(f"{asked}{form.format(bad)}\n")
    assert (code, line) == ("policy-bad-value", asked.count("\n") + 1)
    assert column is not None


SIGNER = {
    "issuer": "https://token.actions.githubusercontent.com",
    "identity": "https://github.com/acme/shop/.github/workflows/r.yml@refs/tags/v1",
}


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        (key, bad)
        for key, texts in {
            "issuer": ["''", "'*'", "accounts.google.com", "'https://*'", "'a b'"],
            "identity": ["''", "'*'", "'https://*/x'", "'https://github.com/*/x@y'", "'a b'"],
            "source-repository": ["''", "'https://github.com/*'", "'a b'"],
            "repository-id": ["acme", "''", "-1", "'1 2'"],
            "owner-id": ["acme", "''"],
            "ref": ["main", "refs/*", "''", "'refs/a b'"],
            "trigger": ["''", "'*'", "[]"],
            "runner-environment": ["''", "'*'"],
            "visibility": ["''", "'*'"],
            "log": ["yes", "''", "Required"],
            "timestamp": ["yes", "''"],
            "root": ["''"],
        }.items()
        for bad in texts
    ],
)
def test_a_signer_s_value_that_breaks_its_syntax_is_found_at_load(key: str, bad: str) -> None:
    said = "".join(f"    {k}: {v}\n" for k, v in {**SIGNER, key: bad}.items())
    text = f"version: 1\nsigners:\n  ci:\n{said}" + HEAD.partition("ci: {key: ci.pub}\n")[2]
    code, line, _ = refused(f"{text}    signature: {{by: [ci]}}\n")
    place = 4 + list({**SIGNER, key: bad}).index(key)
    assert code == "policy-bad-value"
    assert line == place


def test_no_key_of_the_policy_is_left_out() -> None:
    asked = {name.partition("-")[0] if name != "max-waiver" else name for name in SECTIONS}
    elsewhere = {"version", "signers", "images"}
    keys = {field.alias or name for name, field in PolicyFile.fields().items()}
    assert {k.partition("-")[0] if k != "max-waiver" else k for k in keys} == asked | elsewhere


def test_a_trusted_root_that_is_not_defined_is_found_at_its_place() -> None:
    text = HEAD.replace("{key: ci.pub}", "{key: ci.pub, root: nowhere}")
    asked = f"{text}    signature: {{by: [ci]}}\n"
    assert refused(asked) == ("policy-root-unknown", 3, 21)


@pytest.mark.parametrize(
    "check", [name for name in GIVEN if name not in {"configuration", "layout"}]
)
def test_more_signers_than_there_are_is_found_at_the_check(check: str) -> None:
    code, line, column = refused(entry(check, "at-least", "2"))
    assert (code, line, column) == ("policy-bad-value", LINE - 1, 5)
