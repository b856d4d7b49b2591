"""A release that lies in a registry in memory: a chart or a bundle, and the images in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from gate.cli.reads.places import Access
from gate.cli.reads.render_command import AS_IT_LIES, Rendering
from gate.cli.runs.check import Checked, run_admit, run_check
from gate.cli.runs.prepare import Options
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import Digest
from gate.model.report import Report
from gate.signing.key import sign_statement
from tests.fakes.registry import FakeRegistry

SIGN = "https://sigstore.dev/cosign/sign/v1"
POLICY = """\
version: 1
verifier: https://acme.example/gate
signers: {ci: {key: ci.pub}}
registries: {allow: ["HOST/acme"]}
images:
  - match: "HOST/acme/**"
    signature: {by: [ci]}
manifests: {profile: baseline}
pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}
"""
ADMIT = """\
version: 1
signers: {gate: {key: gate.pub}}
images:
  - match: "**"
    pass:
      {by: [gate], verifier: "https://acme.example/gate", environment: production,
       policies: ["DIGEST"], max-age: 24h, manifests: exact}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: main, image: "IMAGE"}]}
"""
HELM = """\
import tarfile
where = sys.argv[3]
if where.endswith('.tgz'):
    with tarfile.open(where) as tar:
        files = {m.name.partition('/')[2]: tar.extractfile(m).read() for m in tar.getmembers()}
    left_out = ()
else:
    names = [os.path.join(at, n) for at, _, found in os.walk(where) for n in found]
    files = {os.path.relpath(n, where): open(n, 'rb').read() for n in names}
    left_out = files.get('.helmignore', b'').decode().split()
values = [open(a[9:]).read() for a in sys.argv if a.startswith('--values=')]
for name in sorted(files):
    if name.startswith('templates/') and name not in left_out:
        text = files[name].decode().replace('{{ .Values.image }}', values[0] if values else 'none')
        print(f'---\\n# Source: shop/{name}\\n{text}')
"""
"""A stand-in for helm, which reads archives and folders as helm does, and one value."""


@dataclass(frozen=True, kw_only=True)
class PackedRelease:
    folder: Path
    registry: FakeRegistry
    ci: EllipticCurvePrivateKey

    @classmethod
    def make(cls, folder: Path, registry: FakeRegistry) -> PackedRelease:
        made = cls(folder=folder, registry=registry, ci=generate())
        key = generate()
        (folder / "ci.pub").write_bytes(public_pem(made.ci.public_key()))
        (folder / "gate.key").write_bytes(private_pem(key))
        (folder / "gate.pub").write_bytes(public_pem(key.public_key()))
        made.write_policy(POLICY)
        made.sign("acme/shop", registry.image("acme/shop", "1.0"))
        return made

    @property
    def image(self) -> str:
        """The image that the objects run."""
        return f"{self.registry.host}/acme/shop:1.0"

    def write_policy(self, text: str) -> None:
        (self.folder / "policy.yaml").write_text(text.replace("HOST", self.registry.host))

    def sign(self, name: str, digest: Digest) -> Digest:
        """Attach a signature of ci to what a repository holds."""
        statement = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": name, "digest": {"sha256": digest.hex}}],
            "predicateType": SIGN,
            "predicate": {},
        }
        self.registry.attach(name, digest, sign_statement(json.dumps(statement).encode(), self.ci))
        return digest

    def named(self, name: str) -> str:
        """Return how a call names an artifact; `name` is `repository:tag` or has a digest."""
        return f"oci://{self.registry.host}/{name}"

    def options(
        self,
        *paths: str,
        policy: str = "policy.yaml",
        rendering: Rendering = AS_IT_LIES,
        images: Sequence[str] = (),
    ) -> Options:
        return Options(
            paths=paths,
            policy=str(self.folder / policy),
            images=images,
            access=Access(plain_http=[self.registry.host]),
            rendering=rendering,
        )

    def check(self, name: str, rendering: Rendering = AS_IT_LIES, *, dry: bool = True) -> Checked:
        return run_check(self.options(self.named(name), rendering=rendering), dry_run=dry)

    def admit(
        self, name: str, rendering: Rendering = AS_IT_LIES, pinned: str | None = None
    ) -> Report:
        """Ask by the deploy policy that accepts what the policy cleared."""
        checked = self.check(name, rendering)
        assert checked.report.policy is not None
        text = ADMIT.replace("DIGEST", str(checked.report.policy.digest))
        (self.folder / "admit.yaml").write_text(text)
        asked = self.options(self.named(name), policy="admit.yaml", rendering=rendering)
        return run_admit(asked, pinned=pinned)


def put_program(folder: Path, name: str, body: str) -> None:
    """Write a program that says a version; `body` is Python that prints what it renders."""
    version = "import sys, os\nif 'version' in sys.argv: print('v9.8.7+gabc'); sys.exit()\n"
    (folder / name).write_text(f"#!{sys.executable} -IS\n{version}{body}")
    (folder / name).chmod(0o755)
