"""A place where one mistake can be made, and what gate says of it.

A mistake changes one thing in a folder where all is well: files, the environment, or how the
registry answers. `{host}` in a call or a file is the registry, `{image}` its image by digest.
"""

from __future__ import annotations

import base64
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from benchmarks.nights import at
from gate.cli.reads.places import Access
from gate.cli.runs.sign import SIGNATURE, Signing, run_sign
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from tests.builders.commands import called
from tests.fakes.registry import FakeRegistry, Reply

SCAN: Final = "https://cosign.sigstore.dev/attestation/vuln/v1"
SBOM: Final = "https://cyclonedx.org/bom"
SLSA: Final = "https://slsa.dev/provenance/v1"
SOON, LATE = timedelta(hours=2), timedelta(days=9)
CHECK: Final = "check --plain-http {host} deploy"

POLICY: Final = """\
version: 1
verifier: https://acme.example/gate
signers:
  ci: {key: ci.pub}
images:
  - match: "{host}/**"
    signature: {by: [ci]}
pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}
"""
POD: Final = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
    - {name: shop, image: "{image}"}
"""
ADMIT: Final = """\
version: 1
signers:
  gate: {key: gate.pub}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      max-age: 24h
"""


@dataclass
class World:
    """A folder with a policy, keys and a manifest, and a registry with one signed image."""

    folder: Path
    fake: FakeRegistry
    image: str
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file with the names of the registry and the image filled in."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else self.fill(content).encode()
        path.write_bytes(data)
        path.chmod(0o600 if name.endswith(".key") else 0o644)

    def fill(self, text: str) -> str:
        return text.replace("{host}", self.fake.host).replace("{image}", self.image)

    def policy(self, **changes: str) -> None:
        """Write the policy with the text of a check, or of the pass, replaced."""
        text = POLICY
        if check := changes.get("check"):
            text = text.replace("signature: {by: [ci]}", check)
        if issued := changes.get("issued"):
            text = re.sub(r"pass: .*", issued, text)
        self.write(".gate.yaml", text)

    def sign(
        self, kind: str, predicate: Mapping[str, Any], when: datetime, key: str = "ci.key"
    ) -> None:
        """Attach a statement, signed at that time by the machine's clock."""
        signing = Signing(key=str(self.folder / key), trust_config=None, publish_private=False)
        with at(when):
            run_sign(
                self.image, kind, predicate, signing, access=Access(plain_http=(self.fake.host,))
            )

    def passed(self, when: datetime) -> None:
        """Check and sign a pass at that time, and write the deploy policy that asks for it."""
        with at(when):
            done = called(
                *self.fill(CHECK).split(), folder=self.folder, environment=self.environment
            )
        found = re.search(r"policy \S+ (sha256:\w+)", done.stdout)
        digest = found[1] if found else ""
        self.write("admit.yaml", f'{ADMIT}      policies: ["{digest}"]\n      manifests: images\n')


Change = Callable[[World], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing done wrong, and the code and the next step that it must get."""

    kind: str
    name: str
    code: str
    step: str
    """A part of the next step that fits this mistake and not its neighbours."""
    change: Change = lambda _: None
    call: str = CHECK
    place: str = ""
    """Where it is, as the message must name it."""
    exit_code: int = 2
    stdin: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


@dataclass(frozen=True, slots=True)
class Told:
    """What gate said of a mistake."""

    exit_code: int
    message: str
    step: str
    codes: tuple[str, ...]


@contextmanager
def world(*, signed: bool = True) -> Iterator[World]:
    """Hand out a world where nothing is wrong."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fake = stack.enter_context(FakeRegistry())
        digest = fake.image("acme/shop", "1.0")
        found = World(folder, fake, f"{fake.host}/acme/shop@{digest}")
        found.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "NO_COLOR": "1"}
        for name in ("ci", "gate"):
            key = generate()
            found.write(f"{name}.key", private_pem(key))
            found.write(f"{name}.pub", public_pem(key.public_key()))
        found.write(".gate.yaml", POLICY)
        found.write("deploy/pod.yaml", POD)
        if signed:
            found.sign(SIGNATURE, {}, datetime.now(UTC))
        yield found


def make(mistake: Mistake) -> Told:
    """Make a mistake, and return what gate says."""
    with world(signed=mistake.kind not in {"policy", "manifests", "call"}) as made:
        mistake.change(made)
        done = called(
            *made.fill(mistake.call).split(),
            folder=made.folder,
            environment=made.environment,
            stdin=mistake.stdin,
        )
        return _told(mistake, done.returncode, f"{done.stderr}\n{done.stdout}")


def _told(mistake: Mistake, exit_code: int, printed: str) -> Told:
    lines = printed.splitlines()
    codes = tuple(
        re.findall(
            r"(?:\[|^  (?:block|warn|undecided) (?:[a-z]+ )?)([a-z]+(?:-[a-z]+)*)(?:\]$|  )",
            printed,
            re.MULTILINE,
        )
    )
    first = next((n for n, line in enumerate(lines) if mistake.code in line), len(lines))
    block: list[str] = []
    for line in lines[first:]:
        if not line.strip() and block:
            break
        block.append(line.strip())
    message, _, step = " ".join(block).partition("→ ")
    return Told(exit_code, message.strip(), step.strip(), codes)


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def ssh() -> bytes:
    return (
        ed25519.Ed25519PrivateKey.generate()
        .public_key()
        .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    )


def locked(password: bytes) -> bytes:
    return generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    )


def writes(name: str, content: str | bytes) -> Change:
    """Write one file wrongly."""
    return lambda made: made.write(name, content)


def policy(old: str, new: str) -> Change:
    """Change some text of the policy."""
    assert old in POLICY
    return lambda made: made.write(".gate.yaml", POLICY.replace(old, new))


def pod(old: str, new: str) -> Change:
    """Change some text of the manifest."""
    assert old in POD
    return lambda made: made.write("deploy/pod.yaml", POD.replace(old, new))


def answers(
    pattern: str, status: int, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Change:
    """Let the registry answer so."""
    return lambda made: made.fake.script(pattern, Reply(status, headers or {}, body), forever=True)


def removes(name: str) -> Change:
    return lambda made: (made.folder / name).unlink()


def several(*changes: Change) -> Change:
    def change(made: World) -> None:
        for one in changes:
            one(made)

    return change


def config(content: str | Callable[[World], object]) -> Change:
    """Write docker's configuration, with what logs in."""

    def change(made: World) -> None:
        text = content if isinstance(content, str) else json.dumps(content(made))
        made.write(".docker/config.json", made.fill(text))
        made.fake.login = ("robot", "right")

    return change


def auth(user: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}
