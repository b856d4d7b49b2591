"""The TLS of a way to a cluster."""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path

from gate.cluster.kubeconfig import ClusterAccess
from gate.errors import UsageError


def context_of(access: ClusterAccess) -> ssl.SSLContext:
    """Return the TLS of an access. Keys are in a file only while they are read.

    Raises UsageError for certificates and keys that cannot be read.
    """
    try:
        authority = None if access.authority is None else access.authority.decode("ascii")
        context = ssl.create_default_context(cadata=authority)
        if access.certificate is not None and access.key is not None:
            with tempfile.TemporaryDirectory() as folder:
                both = Path(folder) / "client.pem"
                both.touch(mode=0o600)
                both.write_bytes(access.certificate + b"\n" + access.key)
                context.load_cert_chain(both)
    except (ssl.SSLError, UnicodeDecodeError) as error:
        raise UsageError(
            "kubeconfig-unreadable",
            f"a certificate or a key of the kubeconfig cannot be read: {error}",
            remedy="name a file that `kubectl --kubeconfig FILE get --raw /readyz` works with",
        ) from error
    return context
