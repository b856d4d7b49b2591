"""A registry with one image, a private Sigstore, and cosign to sign and verify with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from gate.keys.private import PrivateKey, load_private_key
from gate.model.evidence import Rejection, VerifiedAttestation
from gate.model.image import ImageReference, ResolvedImage
from gate.model.predicates import Predicate
from gate.policy.match_identity import IdentityPattern
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.trust.root import TrustedRoot
from gate.trust.signer import TrustedIdentity, TrustedKey
from gate.trust.trusted_root import parse_trusted_root
from gate.trust.verify import AttachedVerifier
from tests.acceptance.debian_registry import LoopbackRegistry, debian_registry
from tests.builders.registries import read
from tests.fakes.registry import OCI_CONFIG, OCI_MANIFEST, descriptor, encode
from tests.fakes.sigstore import (
    WORKFLOW,
    RekorVersion,
    SigstoreServer,
    signing_config,
    trusted_root,
)
from tests.interop.passes import VSA
from tests.interop.tools import COSIGN, Answer, required, run

Serve: TypeAlias = Callable[[Path], AbstractContextManager[LoopbackRegistry]]
PASSWORD: Final = "a password"
_CLOCKS_DIFFER: Final = timedelta(seconds=5)
"""Of one machine, by rounding: a certificate may begin a part of a second from now."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where everything is. cosign's key pair and the trusted root lie in `folder`."""

    folder: Path
    client: RegistryClient
    host: str
    sigstore: SigstoreServer

    def image(self, name: str) -> ResolvedImage:
        """Push a small image, unlike any other, and resolve it."""
        reference = ImageReference.parse(f"{self.host}/{name}:1")
        config = encode(
            {
                "os": "linux",
                "architecture": "amd64",
                "config": {"Labels": {"is": name}},
                "rootfs": {"type": "layers", "diff_ids": []},
            }
        )
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor(OCI_CONFIG, config),
            "layers": [],
        }
        repository = self.client.repository(reference)
        repository.put_blob(config)
        assert repository.put_tag("1", encode(manifest), OCI_MANIFEST, over=None)
        return self.client.resolve(reference)

    @property
    def key(self) -> PrivateKey:
        """The key that cosign made."""
        pem = (self.folder / "cosign.key").read_bytes()
        return load_private_key(pem, PASSWORD.encode())

    @property
    def root(self) -> TrustedRoot:
        """The trusted root, as gate reads it."""
        return parse_trusted_root((self.folder / "root.json").read_bytes())

    def sign(self, image: ResolvedImage, log: RekorVersion, *, keyed: bool) -> None:
        """Let cosign sign an image."""
        self._signed("sign", image, log, keyed=keyed)

    def attest(self, image: ResolvedImage, log: RekorVersion, *, keyed: bool) -> None:
        """Let cosign attest something of an image."""
        predicate = self.folder / "predicate.json"
        predicate.write_text('{"any": "thing"}')
        what = ("--type", "https://example.test/any", "--predicate", predicate)
        self._signed("attest", image, log, *what, keyed=keyed)

    def read(self, image: ResolvedImage) -> list[VerifiedAttestation[Predicate]]:
        """Return what hangs on an image, verified by gate; nothing of it may be refused."""
        key = TrustedKey(name="key", key=self.key.public_key(), root=self.root)
        workflow = TrustedIdentity(
            name="workflow",
            issuer=self.sigstore.url,
            identity=IdentityPattern(WORKFLOW),
            root=self.root,
        )
        verifier = AttachedVerifier((key, workflow), datetime.now(UTC) + _CLOCKS_DIFFER)
        judged = [verifier.verify(one, image) for one in read(self.client.attached(image))]
        assert [one for one in judged if isinstance(one, Rejection)] == []
        return [one for one in judged if isinstance(one, VerifiedAttestation)]

    def verify_pass(self, image: ResolvedImage, *by: str | Path) -> Answer:
        """Let cosign verify a pass of an image, by options that say whose."""
        root = ("--trusted-root", self.folder / "root.json")
        return self.cosign("verify-attestation", "--type", VSA, *root, *by, str(image))

    def cosign(self, command: str, *arguments: str | Path) -> Answer:
        """Run cosign in the folder, where it finds nothing of anybody else's."""
        registry = () if command == "generate-key-pair" else ("--allow-http-registry",)
        program = (required("cosign", COSIGN), command, *registry)
        environment = {"HOME": str(self.folder), "COSIGN_PASSWORD": PASSWORD}
        return run(*program, *arguments, **environment)

    def _signed(
        self,
        command: str,
        image: ResolvedImage,
        log: RekorVersion,
        *arguments: str | Path,
        keyed: bool,
    ) -> None:
        services, token = self.folder / f"services{log}.json", self.folder / "token"
        services.write_text(json.dumps(signing_config(self.sigstore.url, rekor=log, tsa=True)))
        token.write_text(self.sigstore.oidc.token(datetime.now(UTC)))
        by = ("--key", self.folder / "cosign.key") if keyed else ("--identity-token", token)
        where = ("--signing-config", services, "--trusted-root", self.folder / "root.json")
        answer = self.cosign(command, "--yes", *where, *by, *arguments, str(image))
        assert answer.accepted, answer.output


@contextmanager
def workshop(folder: Path, serve: Serve = debian_registry) -> Iterator[Workshop]:
    """Serve a registry and a Sigstore until the block ends."""
    with serve(folder) as registry, SigstoreServer() as sigstore:
        (folder / "root.json").write_text(json.dumps(trusted_root(sigstore.sigstore)))
        hosts = RegistryConfiguration(insecure_hosts=frozenset((registry.host,)))
        client = RegistryClient(hosts)
        try:
            made = Workshop(folder, client, registry.host, sigstore)
            prefix = ("--output-key-prefix", folder / "cosign")
            answer = made.cosign("generate-key-pair", *prefix)
            assert answer.accepted, answer.output
            yield made
        finally:
            client.close()
