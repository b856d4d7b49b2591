"""A trusted root from a TUF repository, asked anew and believed from a pinned first root.

https://theupdateframework.github.io/specification/latest/
"""

from __future__ import annotations

import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from gate.errors import TrustRootError
from gate.trust.root import MAX_ROOT

if TYPE_CHECKING:
    from tuf.ngclient import FetcherInterface

TARGET: Final = "trusted_root.json"


def fetch_trusted_root(url: str, first_root: bytes, ca_file: Path | None = None) -> bytes:
    """Return the repository's `trusted_root.json`, of at most 4 MiB. Raises TrustRootError.

    `ca_file` holds certificates that its server may have besides those that the system trusts.

    Every signature, threshold, version and expiry is verified from `first_root` on. Nothing
    is read from an earlier run and nothing is left for a later one: a cache on disk is
    what its last writer made of it.
    """
    # Only a policy that asks for it pays for the client's start.
    from tuf.api.exceptions import DownloadError, RepositoryError  # noqa: PLC0415  # as above
    from tuf.ngclient.updater import Updater  # noqa: PLC0415  # as above

    base = url.rstrip("/")
    with TemporaryDirectory(prefix="gate-tuf-") as folder:
        try:
            updater = Updater(
                metadata_dir=folder,
                metadata_base_url=base,
                target_dir=folder,
                target_base_url=f"{base}/targets/",
                fetcher=_fetcher(ca_file) if ca_file else None,
                bootstrap=first_root,
            )
            updater.refresh()
            target = updater.get_targetinfo(TARGET)
            if target is None or target.length > MAX_ROOT:
                raise _unusable(base, f"it has no {TARGET} of at most {MAX_ROOT} bytes")
            return Path(updater.download_target(target)).read_bytes()
        except DownloadError as error:
            raise TrustRootError(
                "trust-root-unreachable",
                f"the TUF repository {base} did not answer: {error}",
                remedy="try again, or pin a copy of its trusted_root.json with file and sha256",
            ) from error
        except (RepositoryError, ValueError, OSError) as error:
            raise _unusable(base, str(error)) from error


def _fetcher(ca_file: Path) -> FetcherInterface:
    """Return the client's own fetcher, which trusts these certificates too. Raises OSError."""
    from tuf.ngclient._internal.proxy import ProxyEnvironment  # noqa: PLC0415  # as above
    from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher  # noqa: PLC0415  # as above

    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    fetcher = Urllib3Fetcher()
    # The fetcher has no other way to be told of an authority.
    fetcher._proxy_env = ProxyEnvironment(ssl_context=context)  # noqa: SLF001  # as said
    return fetcher


def _unusable(url: str, why: str) -> TrustRootError:
    return TrustRootError(
        "trust-root-unverified",
        f"the TUF repository {url} gives no trusted root that can be verified: {why}",
        remedy="compare the first root that the policy pins with the repository's own",
    )
