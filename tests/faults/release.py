"""A release before a registry with faults, read and judged, its passes signed and stored."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias
from unittest import mock

from gate.cli.reads.places import Access
from gate.cli.runs.check import Checked, run_admit, run_check
from gate.cli.runs.prepare import Options
from gate.errors import GateError
from gate.keys.private import private_pem
from gate.keys.public import public_pem
from gate.model.report import PassState, Report
from gate.registry.bounds import Bounds
from gate.reports import FORMATS
from gate.signing.key import sign_statement
from tests.fakes.registry import FakeRegistry, Reply, Request, error
from tests.fakes.sigstore import new_key
from tests.faults.kinds import CANARY, Boundary, Fault, Seen, Switch, spoiled

_QUICK: Final = Bounds(
    try_seconds=0.3,
    request_seconds=0.8,
    run_seconds=4.0,
    connect_seconds=0.3,
    longest_wait=0.05,
    settle_seconds=0.01,
)
_BOUND: Final = 30.0
_LOGIN: Final = ("robot", f"{CANARY}-password")
_POLICY: Final = """\
version: 1
verifier: https://acme.example/gate
signers: {build: {key: build.pub}}
images:
  - match: "**"
    signature: {by: [build]}
    vulnerabilities: {by: [build], fail-on: high}
    configuration: {user: not-root}
manifests: {profile: baseline}
pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}
"""
_ADMIT: Final = """\
version: 1
signers: {gate: {key: gate.pub}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["POLICY"]
      max-age: 24h
      manifests: exact
"""
_POD: Final = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: acme}
spec:
  containers: [{name: main, image: "IMAGE"}]
"""
_KEYS: Final = {name: new_key() for name in ("build", "gate")}


SECRETS: Final = (CANARY.encode(), private_pem(_KEYS["gate"]).splitlines()[1])
"""The registry's password, and a line of the key that signs passes."""


class FaultyRegistry(FakeRegistry):
    """A registry of which one call goes wrong."""

    def __init__(self, switch: Switch) -> None:
        super().__init__(login=_LOGIN, tokens=True)
        self._switch = switch

    def answer(self, request: Request) -> Reply:
        """Answer as the registry does, but for the one fault."""
        fault = self._switch.fault(_called(request))
        match fault:
            case None:
                return self._answered(request)
            case Fault.ONCE | Fault.FAILS:
                return Reply(500, {}, b"out of order")
            case Fault.DENIED:
                return error(403, "DENIED", "no")
            case Fault.GONE:
                return error(404, "MANIFEST_UNKNOWN", "no")
            case Fault.RESET:
                raise ConnectionResetError
            case Fault.HANGS:
                self._switch.hang(2 * _QUICK.try_seconds)
                return Reply(500, {}, b"late")
            case _:
                reply = self._answered(request)
                body = spoiled(reply.body, fault)
                cut = {"content-length": str(len(reply.body))} if fault is Fault.TRUNCATED else {}
                return Reply(reply.status, {**reply.headers, **cut}, body)

    def _answered(self, request: Request) -> Reply:
        try:
            return super().answer(request)
        except ValueError:  # a request of which not all came: who sent it has given up
            return error(400, "MANIFEST_INVALID")


def _called(request: Request) -> str:
    """Return what a request asks for, alike in each run."""
    path, _, query = request.path.partition("?")
    parts = path.strip("/").split("/")
    if parts[0] == "token":
        return f"token {'push' if 'push' in query else 'pull'}"
    kinds = ("manifests", "blobs", "referrers")
    kind = next((k for k in kinds if k in parts), path)
    last = parts[-1] if kind in kinds and "uploads" not in parts else "upload"
    return f"{request.method} {kind} {last}"


@dataclass(frozen=True)
class Release:
    """One image and its manifest, in a folder, with its registry."""

    folder: Path
    registry: FaultyRegistry
    options: Options
    digest: Any
    """Of the image."""


def _statement(digest: str, kind: str, predicate: object) -> bytes:
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "shop", "digest": {"sha256": digest}}],
        "predicateType": kind,
        "predicate": predicate,
    }
    return json.dumps(value).encode()


def _scan(at: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    target = {"Target": "shop", "Class": "os-pkgs", "Vulnerabilities": found}
    report = {"SchemaVersion": 2, "CreatedAt": at, "Results": [target]}
    scanner = {"uri": "pkg:github/aquasecurity/trivy", "version": "1", "result": report}
    return {"scanner": scanner, "metadata": {"scanStartedOn": at, "scanFinishedOn": at}}


@contextlib.contextmanager
def release(switch: Switch, *, bad: bool) -> Iterator[Release]:
    """Hand out a release that is in order, or one whose newest scan found something."""
    finding = {"VulnerabilityID": "CVE-2026-1", "PkgName": "p", "Severity": "CRITICAL"}
    evidence: list[tuple[str, object]] = [
        ("https://sigstore.dev/cosign/sign/v1", {}),
        ("https://cosign.sigstore.dev/attestation/vuln/v1", _scan("2026-11-20T00:00:00Z", [])),
    ]
    if bad:
        newer = _scan("2026-11-21T00:00:00Z", [{**finding, "InstalledVersion": "1"}])
        evidence.append(("https://cosign.sigstore.dev/attestation/vuln/v1", newer))
    with ExitStack() as entered:
        registry = entered.enter_context(FaultyRegistry(switch))
        folder = Path(entered.enter_context(tempfile.TemporaryDirectory()))
        config = {"os": "linux", "architecture": "amd64", "config": {"User": "65532"}}
        digest = registry.image("acme/shop", "1.0", config=config)
        for kind, predicate in evidence:
            bundle = sign_statement(_statement(digest.hex, kind, predicate), _KEYS["build"])
            registry.attach("acme/shop", digest, bundle)
        _write(folder, registry.host, str(digest))
        environment = {
            "GATE_REGISTRY": registry.host,
            "GATE_REGISTRY_USERNAME": _LOGIN[0],
            "GATE_REGISTRY_PASSWORD": _LOGIN[1],
        }
        access = Access(plain_http=[registry.host], bounds=_QUICK, environ=environment)
        options = Options(
            paths=[str(folder / "shop.yaml")], policy=str(folder / "policy.yaml"), access=access
        )
        try:
            yield Release(folder, registry, options, digest)
        finally:
            switch.over.set()


def _write(folder: Path, host: str, digest: str) -> None:
    for name, key in _KEYS.items():
        (folder / f"{name}.pub").write_bytes(public_pem(key.public_key()))
    (folder / "gate.key").write_bytes(private_pem(_KEYS["gate"]))
    (folder / "policy.yaml").write_text(_POLICY)
    (folder / "shop.yaml").write_text(_POD.replace("IMAGE", f"{host}/acme/shop:1.0@{digest}"))
    (folder / "passes").mkdir()


Enter: TypeAlias = Callable[[Switch, Path], None]


def judged(number: int, fault: Fault | None, *, bad: bool, signs: bool) -> Seen:
    """Run `gate check` with one fault of the registry, and look at all that it left."""
    switch = Switch(number, fault)
    with release(switch, bad=bad) as made:
        return _seen(made, signs=signs, enter=lambda: None, leave=lambda: None)


def judged_in(switch: Switch, enter: Enter, leave: Callable[[], None]) -> Seen:
    """Run `gate check` with a fault of its files, which begins with `enter`."""
    with release(Switch(-1, None), bad=False) as made:
        return _seen(made, signs=True, enter=lambda: enter(switch, made.folder), leave=leave)


def steps_in(enter: Enter, leave: Callable[[], None]) -> list[str]:
    """Return how a run without faults uses its files."""
    switch = Switch(-1, None)
    judged_in(switch, enter, leave)
    return list(switch.asked)


def _seen(
    made: Release, *, signs: bool, enter: Callable[[], None], leave: Callable[[], None]
) -> Seen:
    began = time.monotonic()
    said = io.StringIO()
    folder = str(made.folder / "passes") if signs else None
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        enter()
        try:
            outcome, texts = _checked(made, folder, dry=not signs)
        finally:
            leave()
    seconds = time.monotonic() - began
    written = [p.read_bytes() for p in (made.folder / "passes").iterdir()]
    sent = [r.body for r in made.registry.requests]
    sent += [r.path.encode() for r in made.registry.requests]
    halves = tuple(_halves(made, outcome))
    return Seen(outcome, seconds, (*texts, said.getvalue().encode(), *written, *sent), halves)


def _checked(made: Release, folder: str | None, *, dry: bool) -> tuple[str, list[bytes]]:
    try:
        checked = run_check(made.options, dry_run=dry, folder=folder)
    except GateError as refused:
        return f"refused {refused.code}", [f"{refused} {refused.remedy}".encode()]
    texts = [form(checked.report).encode() for form in FORMATS.values()]
    return _word(checked), texts


def _word(checked: Checked) -> str:
    report = checked.report
    if checked.error is not None:
        return f"no pass {checked.error.code}"
    if report.cleared:
        return "cleared"
    codes = sorted({u.outcome.code for u in report.undecided})
    found = sorted({f.code for f in report.findings if f.action.value == "block"})
    return f"blocked {found[0]}" if found else f"undecided {codes[0]}"


def _halves(made: Release, outcome: str) -> Iterator[str]:
    """Yield what a run left half done."""
    passes = sorted((made.folder / "passes").iterdir())
    for path in passes:
        document = json.loads(path.read_bytes())
        if path.name.endswith(".sigstore.json"):
            payload = base64.b64decode(document["dsseEnvelope"]["payload"])
            if json.loads(payload)["predicate"]["verificationResult"] != "PASSED":
                yield f"{path.name} is no pass"
    if len(passes) % 3:
        yield f"{len(passes)} files of passes"
    if outcome == "cleared" and passes and not _opens(made):
        yield "a pass that was told as stored opens nothing"


def _opens(made: Release) -> bool:
    """Tell whether the stored pass opens the deployment, without faults."""
    admit = made.folder / "admit.yaml"
    digest = _policy_digest(made)
    admit.write_text(_ADMIT.replace("POLICY", digest))
    with mock.patch.object(made.registry, "_switch", Switch(-1, None)):
        report: Report = run_admit(
            Options(paths=made.options.paths, policy=str(admit), access=made.options.access)
        )
    return report.cleared


def _policy_digest(made: Release) -> str:
    with mock.patch.object(made.registry, "_switch", Switch(-1, None)):
        report = run_check(made.options, dry_run=True).report
    assert report.policy is not None
    assert report.passed is not None
    assert report.passed.state is PassState.DRY_RUN
    return str(report.policy.digest)


def _calls(*, bad: bool, signs: bool) -> list[str]:
    switch = Switch(-1, None)
    with (
        release(switch, bad=bad) as made,
        contextlib.redirect_stderr(io.StringIO()),
    ):
        run_check(
            made.options, dry_run=not signs, folder=str(made.folder / "passes") if signs else None
        )
    return list(switch.asked)


def boundaries() -> tuple[Boundary, ...]:
    """Return the boundaries to registries."""
    every = tuple(Fault)
    return (
        Boundary(
            "registry, of a release that is in order",
            "the image, what is attached to it, the upload of its pass",
            lambda: _calls(bad=False, signs=True),
            lambda number, fault: judged(number, fault, bad=False, signs=True),
            every,
            _BOUND,
            SECRETS,
        ),
        Boundary(
            "registry, of a release that is blocked",
            "the image and what is attached to it",
            lambda: _calls(bad=True, signs=False),
            lambda number, fault: judged(number, fault, bad=True, signs=False),
            every,
            _BOUND,
            SECRETS,
            blocked=True,
        ),
    )
