"""A private Sigstore for tests: bundles in process, and its services on loopback."""

from tests.fakes.sigstore.content import IN_TOTO, Artifact, Content, Envelope, Holder, pae
from tests.fakes.sigstore.encoding import Window
from tests.fakes.sigstore.keys import SigningKey, new_key
from tests.fakes.sigstore.local import ALWAYS, GITHUB, WORKFLOW, LocalSigstore, Proof, RekorVersion
from tests.fakes.sigstore.server import Reply, SigstoreServer
from tests.fakes.sigstore.trust import client_trust_config, signing_config, trusted_root

__all__ = [
    "ALWAYS",
    "GITHUB",
    "IN_TOTO",
    "WORKFLOW",
    "Artifact",
    "Content",
    "Envelope",
    "Holder",
    "LocalSigstore",
    "Proof",
    "RekorVersion",
    "Reply",
    "SigningKey",
    "SigstoreServer",
    "Window",
    "client_trust_config",
    "new_key",
    "pae",
    "signing_config",
    "trusted_root",
]
