"""Mistakes that people make with gate, ten and more of each kind, and what gate must say.

python -m tests.builders.mistakes_made    prints kind, mistake, code, message and next step
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from benchmarks.nights import scan
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.words import timestamp
from tests.builders.mistakes import (
    CHECK,
    SBOM,
    SCAN,
    SLSA,
    Change,
    Mistake,
    World,
    answers,
    auth,
    config,
    locked,
    make,
    pem,
    pod,
    policy,
    removes,
    several,
    ssh,
    writes,
)
from tests.fakes.registry import Reply

NOW: Final = datetime.now(UTC).replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADMIT: Final = "admit --plain-http {host} --policy admit.yaml deploy"
SIGN: Final = "sign --plain-http {host} {image} --key"


def attests(kind: str, **predicate: object) -> Change:
    """Attach a statement that says so, signed now."""
    return lambda made: made.sign(kind, predicate, NOW)


def scanned(ended: datetime, signed: datetime = NOW) -> Change:
    return lambda made: made.sign(SCAN, scan(ended), signed)


def asks(check: str) -> Change:
    return lambda made: made.policy(check=check)


def passed(when: datetime) -> Change:
    return lambda made: made.passed(when)


def sbom(made_at: datetime) -> Change:
    return attests(
        SBOM,
        bomFormat="CycloneDX",
        specVersion="1.6",
        version=1,
        metadata={"timestamp": timestamp(made_at)},
        components=[{"type": "library", "name": "demo", "version": "1"}],
    )


def key_file(name: str, content: bytes) -> Change:
    return writes(name, content)


def passphrase(made: World) -> None:
    made.environment["GATE_KEY_PASSWORD"] = "wrong"  # it is


def same_signer(made: World) -> None:
    made.policy(issued="pass: {environment: production, valid-for: 24h, sign: {key: ci.key}}")


def elsewhere(made: World) -> None:
    realm = 'Bearer realm="https://tokens.acme.example/token",service="fake"'
    made.fake.script(r"", Reply(401, {"www-authenticate": realm}), forever=True)


def tokens(body: bytes, status: int = 200) -> Change:
    """Let the registry want a token, and its token server answer so."""

    def change(made: World) -> None:
        made.fake.tokens = True
        made.fake.script(r"GET /token", Reply(status, {}, body), forever=True)

    return change


def late_server(made: World) -> None:
    made.fake.script(
        r"GET /v2/$", Reply(200, {"date": format_datetime(NOW - DAY, usegmt=True)}), forever=True
    )


POLICY: Final = (
    ("a key that is misspelt", "policy-unknown-key", "'images'", policy("images:", "imagse:"), 5),
    ("a check that is misspelt", "policy-unknown-key", "'signature'", policy("signature:", "sigature:"), 7),
    ("a list where a number belongs", "policy-bad-value", "gate schema", policy("version: 1", "version: [1]"), 1),
    ("no version", "policy-missing-key", "add it", policy("version: 1\n", ""), 1),
    ("a signer that is not defined", "policy-bad-value", "signers", policy("by: [ci]", "by: [cj]"), 7),
    ("a key that is there twice", "yaml-duplicate-key", "keep one", policy("version: 1", "version: 1\nversion: 1"), 2),
    ("a tab in place of spaces", "yaml-parse-error", "spaces", policy("    signature", "\tsignature"), 7),
    ("a duration without its unit", "policy-bad-value", "gate schema", policy("24h", "24"), 8),
    ("an entry behind one that takes all", "policy-entry-unreachable", "move the narrower", policy('  - match: "{host}/**"', '  - {match: "**", signature: {by: [ci]}}\n  - match: "{host}/**"'), 7),
    ("an entry that asks for nothing", "policy-asks-nothing", "add one of", policy("    signature: {by: [ci]}\n", ""), 6),
    ("a key file that is not there", "policy-file-unreadable", "path", policy("ci.pub", "keys/ci.pub"), 4),
    ("a host with its scheme", "policy-bad-value", "", policy("{host}/**", "https://{host}/**"), 6),
    ("no policy", "policy-missing", "gate init", removes(".gate.yaml"), 0),
    ("a manifest in the place of the policy", "policy-unknown-key", "--policy", writes(".gate.yaml", "apiVersion: v1\nkind: Pod\n"), 1),
)  # fmt: skip
KEY: Final = (
    ("an SSH key in the policy", "policy-key-malformed", "gate keygen", writes("ci.pub", ssh()), CHECK),
    ("a private key in the policy", "policy-key-malformed", "public half", writes("ci.pub", private_pem(generate())), CHECK),
    ("a certificate in the policy", "policy-key-malformed", "openssl x509", writes("ci.pub", b"-----BEGIN CERTIFICATE-----\nMIIB\n"), CHECK),
    ("a page of a web site in place of the key", "policy-key-malformed", "download", writes("ci.pub", b"<!DOCTYPE html>\n<html>"), CHECK),
    ("an RSA key that is too short", "policy-key-malformed", "gate keygen", writes("ci.pub", pem(rsa.generate_private_key(65537, 1024))), CHECK),  # noqa: S505  # weak on purpose
    ("a key on another curve", "policy-key-malformed", "gate keygen", writes("ci.pub", pem(ec.generate_private_key(ec.SECP256K1()))), CHECK),
    ("an empty key file", "policy-key-malformed", "gate keygen", writes("ci.pub", b""), CHECK),
    ("a locked key without its password", "key-malformed", "GATE_KEY_PASSWORD", writes("new.key", locked(b"right")), f"{SIGN} new.key"),
    ("a wrong password", "key-malformed", "own password", several(writes("new.key", locked(b"right")), passphrase), f"{SIGN} new.key"),
    ("the public half to sign with", "key-malformed", "private half", writes("x", b""), f"{SIGN} ci.pub"),
    ("a private key that is not there", "key-unreadable", "--key", writes("x", b""), f"{SIGN} old.key"),
    ("the image's own key for the pass", "pass-same-signer", "gate keygen gate", same_signer, "policy"),
    ("a key that is there already", "key-exists", "another name", writes("x", b""), "keygen ci"),
    ("a key service that gate does not know", "keygen-service", "awskms:", writes("x", b""), "keygen --kms acmekms://1"),
    ("another key than the one that signed", "signature-wrong-signer", "name its signer", writes("ci.pub", public_pem(generate().public_key())), CHECK),
)  # fmt: skip
REGISTRY: Final = (
    ("a port where nothing listens", "unreachable", "port", several(policy("{host}/**", "**"), pod("{image}", "127.0.0.1:1/acme/shop:1.0")), CHECK.replace("{host}", "127.0.0.1:1")),
    ("a host that has no address", "unreachable", "name", several(policy("{host}/**", "**"), pod("{image}", "registry.invalid/acme/shop:1.0")), CHECK),
    ("plain http that is not named", "address-refused", "--plain-http", writes("x", b""), "check deploy"),
    ("a registry that speaks no TLS", "tls-failed", "http", writes("r.yaml", "private: ['{host}']\n"), "check --registries r.yaml deploy"),
    ("a tag that is not there", "not-found", "tag", pod("{image}", "{host}/acme/shop:2.0"), CHECK),
    ("an http:// in the name of an image", "image-reference-malformed", "scheme", pod("{image}", "http://{host}/acme/shop:1.0"), CHECK),
    ("a capital letter in the name of an image", "image-reference-malformed", "lower", pod("{image}", "{host}/Acme/shop:1.0"), CHECK),
    ("a web site in place of the registry", "digest-mismatch", "", answers("manifests", 200, {"content-type": "text/html"}, b"<html>"), CHECK),
    ("a registry that is out of order", "unexpected-status", "", answers("/v2/", 503), CHECK),
    ("a registry that limits requests", "rate-limited", "mirror", answers("/v2/", 429), CHECK),
    ("a proxy that changes what it hands on", "digest-mismatch", "do not trust", answers("GET .*manifests", 200, {"content-type": "application/vnd.oci.image.manifest.v1+json"}, b"{}"), CHECK),
    ("an unknown key in the registries file", "registries-malformed", "", writes("r.yaml", "insecure: [x]\n"), "check --registries r.yaml deploy"),
    ("a registries file that is not there", "registries-malformed", "", writes("x", b""), "check --registries r.yaml deploy"),
    ("a scheme in --plain-http", "plain-http-option", "without http", writes("x", b""), "check --plain-http http://{host} deploy"),
)  # fmt: skip
LOGIN: Final = (
    ("no login", "denied", "docker login", config("{}")),
    ("a wrong password", "denied", "Correct the login", config(lambda made: {"auths": {made.fake.host: auth("robot", "wrong")}})),
    ("a login for the host without its port", "denied", "docker login", config(lambda _: {"auths": {"127.0.0.1": auth("robot", "right")}})),
    ("a login for one path of the host", "denied", "", config(lambda made: {"auths": {f"{made.fake.host}/other": auth("robot", "right")}})),
    ("docker's configuration cut off", "credentials-unreadable", "config.json", config('{"auths": {')),
    ("a login that is not base64", "credentials-unreadable", "docker login", config(lambda made: {"auths": {made.fake.host: {"auth": "robot:right"}}})),
    ("a credential helper that is not installed", "credentials-unreadable", "Install it", config(lambda made: {"credHelpers": {made.fake.host: "nobody"}})),
    ("a token server that has no address", "unreachable", "DNS", elsewhere),
    ("a token server that says no", "denied", "", tokens(b"{}", 401)),
    ("a token server that hands out no token", "malformed-answer", "token server", tokens(b"{}")),
    ("a token server that is out of order", "unexpected-status", "", tokens(b"", 503)),
    ("an account that may not pull this repository", "denied", "", answers("manifests", 403)),
    ("an account that may not push, for a pass", "denied", "Log in", answers("POST .*uploads", 403)),
)  # fmt: skip
CLOCK: Final = (
    ("a scan from the future", "scan-from-the-future", "clock", several(scanned(NOW + 2 * HOUR), asks("scan-age: {by: [ci], max-age: 2d}")), CHECK),
    ("a scan that is too old", "scan-too-old", "scan", several(scanned(NOW - 9 * DAY), asks("scan-age: {by: [ci], max-age: 2d}")), CHECK),
    ("an SBOM from the future", "sbom-from-the-future", "clock", several(sbom(NOW + 2 * HOUR), asks("sbom: {by: [ci]}")), CHECK),
    ("a scan that does not date its database", "scan-database-undated", "", several(scanned(NOW - HOUR), asks("scan-age: {by: [ci], max-age: 2d, max-database-age: 2d}")), CHECK),
    ("provenance from the future", "provenance-from-the-future", "clock", several(attests(SLSA, buildDefinition={"buildType": "x:y", "externalParameters": {}}, runDetails={"builder": {"id": "https://b.example"}, "metadata": {"finishedOn": timestamp(NOW + 2 * HOUR)}}), asks("provenance: {by: [ci], builder: 'https://b.example'}")), CHECK),
    ("a pass from the future", "pass-from-the-future", "clock", passed(NOW + 2 * HOUR), ADMIT),
    ("a pass that has ended", "pass-too-old", "gate check", passed(NOW - 2 * DAY), ADMIT),
    ("a time without its offset", "time-malformed", "Z", writes("x", b""), "why --as-of 2026-11-29T10:00:00 --plain-http {host} {image}"),
    ("a day in place of a time", "time-malformed", "Z", writes("x", b""), "why --as-of yesterday --plain-http {host} {image}"),
    ("a clock that is a day ahead", "clock-wrong", "NTP", late_server, "doctor --plain-http {host} --image {image}"),
    ("a waiver without its end", "policy-bad-value", "", policy("pass:", "waivers: [{check: vulnerabilities, finding: CVE-2022-1, image: '{host}/acme/shop', owner: a, reason: b, expires: never}]\npass:"), CHECK),
    ("a report of a scan without its time", "attest-file", "scanFinishedOn", writes("scan.sarif", '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Grype"}}, "results": []}]}'), "attest --type vulnerabilities --plain-http {host} --key ci.key scan.sarif {image}"),
)  # fmt: skip
MANIFESTS: Final = (
    ("a tab in place of spaces", "yaml-parse-error", "spaces", pod("  containers", "\tcontainers"), CHECK),
    ("a key that is there twice", "yaml-duplicate-key", "keep one", pod("kind: Pod", "kind: Pod\nkind: Pod"), CHECK),
    ("a Helm template that is not rendered", "template-not-rendered", "helm", pod('"{image}"', "{{ .Values.image }}"), CHECK),
    ("no apiVersion", "incomplete-object", "apiVersion", pod("apiVersion: v1\n", ""), CHECK),
    ("a container without an image", "image-missing", "", pod(', image: "{image}"', ""), CHECK),
    ("an image that no entry of the policy takes", "image-not-covered", "", pod("{image}", "ghcr.io/acme/shop:1.0"), CHECK),
    ("a name that no image can have", "image-reference-malformed", "", pod("{image}", "shop:1.0:2"), CHECK),
    ("a folder that is not there", "nothing-found", "", writes("x", b""), "check --plain-http {host} dploy"),
    ("a folder without manifests", "nothing-found", "", several(removes("deploy/pod.yaml"), writes("deploy/notes.txt", "x")), CHECK),
    ("a file without an object", "nothing-to-judge", "", writes("deploy/pod.yaml", "# later\n"), CHECK),
    ("a file in UTF-16", "yaml-encoding", "UTF-8", writes("deploy/pod.yaml", "kind: Pod".encode("utf-16")), CHECK),
    ("a file in UTF-16 without its mark", "yaml-encoding", "UTF-8", writes("deploy/pod.yaml", "kind: Pod".encode("utf-16-le")), CHECK),
    ("a merge conflict", "yaml-parse-error", "conflict", writes("deploy/pod.yaml", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n"), CHECK),
    ("a brace that is not closed", "yaml-parse-error", "", pod("shop}", "shop"), CHECK),
    ("a chart without helm", "template-not-rendered", "", several(writes("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n"), writes("chart/templates/pod.yaml", "kind: {{ .Values.kind }}\n"), lambda made: made.environment.update(PATH="")), "check chart"),
)  # fmt: skip
CALL: Final = (
    ("a command that is misspelt", "command-unknown", "`gate check`", "chek deploy"),
    ("no command", "command-missing", "gate --help", "--registries r.yaml"),
    ("an option that is misspelt", "option-unknown", "--policy?", "check --polcy .gate.yaml deploy"),
    ("an option of another command", "option-unknown", "leave it out", "lint --plain-http {host} deploy"),
    ("an option before the command", "option-unknown", "after the command", "--policy .gate.yaml check deploy"),
    ("an option without its value", "option-needs-value", "--policy FILE", "check deploy --policy"),
    ("a value for a switch", "option-without-value", "--dry-run alone", "check --dry-run=yes deploy"),
    ("a word where a number belongs", "option-value", "--help", "prune --keep few {image}"),
    ("a number that is too small", "option-value", "--help", "prune --keep 0 {image}"),
    ("a word that is not one of the choices", "option-value", "vap", "export gatekeeper"),
    ("no argument", "argument-missing", "gate sign IMAGE", "sign"),
    ("a file and no image", "argument-missing", "FILE IMAGE", "attest --type sbom sbom.json"),
    ("no type", "option-missing", "--type TYPE", "attest sbom.json {image}"),
    ("too many arguments", "argument-unexpected", "gate explain NAME", "explain scan too old"),
    ("a format that gate does not write", "format-unknown", "", "check --format yml deploy"),
    ("two formats for one output", "output-twice", "", "check --output json --output text deploy"),
    ("a folder that is not there, for a report", "output-unwritable", "", "check --output json=no/such.json deploy"),
    ("a folder in the place of the policy", "policy-missing", "name the file", "check --policy deploy --plain-http {host} deploy"),
    ("a version of Kubernetes with its patch", "lint-option", "write 1.34", "lint --kubernetes-version v1.34.2 deploy"),
    ("a code in capitals", "name-unknown", "latest-tag?", "explain LATEST-TAG"),
    ("a folder of an image that is not there", "not-found", "skopeo copy", "sign --key ci.key --layout {host}/acme/shop=img {host}/acme/shop:1.0"),
    ("a code that gate does not have", "name-unknown", "", "explain scan-to-old"),
    ("a digest that is cut", "policy-digest-malformed", "", "check --policy-digest sha256:12 deploy"),
    ("the digest of another policy", "policy-digest-mismatch", "", f"check --policy-digest sha256:{'0' * 64} deploy"),
)  # fmt: skip
_ENDS: Final = {
    **dict.fromkeys(
        ("unreachable", "tls-failed", "not-found", "address-refused", "denied", "rate-limited"), 3
    ),
    **dict.fromkeys(
        ("unexpected-status", "malformed-answer", "digest-mismatch", "credentials-unreadable"), 3
    ),
    **dict.fromkeys(("image-reference-malformed", "image-not-covered", "image-missing"), 1),
    **dict.fromkeys(("template-not-rendered", "incomplete-object", "yaml-encoding"), 1),
    **dict.fromkeys(("scan-too-old", "scan-from-the-future", "scan-database-undated"), 1),
    **dict.fromkeys(("sbom-from-the-future", "provenance-from-the-future"), 1),
    **dict.fromkeys(("pass-from-the-future", "pass-too-old", "clock-wrong"), 1),
    "signature-wrong-signer": 1,
    "pass-same-signer": 0,  # a warning of `gate policy`
}
"""How a run ends: 2 where nothing is said here. What cannot be read of a manifest is a finding."""


def _end(kind: str, code: str) -> int:
    return 1 if kind == "manifests" and code.startswith("yaml-") else _ENDS.get(code, 2)


_EVERY: Final = (
    *(
        ("policy", name, code, step, change, CHECK, line)
        for name, code, step, change, line in POLICY
    ),
    *(("key", *one, 0) for one in KEY),
    *(("registry", *one, 0) for one in REGISTRY),
    *(("login", *one, CHECK, 0) for one in LOGIN),
    *(("clock", *one, 0) for one in CLOCK),
    *(("manifests", *one, 0) for one in MANIFESTS),
    *(("call", name, code, step, lambda _: None, call, 0) for name, code, step, call in CALL),
)
MISTAKES: Final = tuple(
    Mistake(
        kind=kind,
        name=name,
        code=code,
        step=step,
        change=change,
        call=call,
        place=f".gate.yaml:{line}:"
        if line
        else "deploy/pod.yaml:"
        if kind == "manifests" and _end(kind, code) == 1 and "chart" not in call
        else "",
        exit_code=_end(kind, code),
    )
    for kind, name, code, step, change, call, line in _EVERY
)


def main() -> None:
    """Make every mistake of the kinds that the call names, or all, and print what gate said."""
    for mistake in MISTAKES:
        if not sys.argv[1:] or mistake.kind in sys.argv[1:]:
            told = make(mistake)
            sys.stdout.write(
                f"{mistake} [{mistake.code}] exit {told.exit_code}\n"
                f"    {told.message}\n    → {told.step}\n"
            )


if __name__ == "__main__":
    main()
