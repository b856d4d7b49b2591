"""A trusted root from a TUF repository, asked anew and believed from a pinned first root.

https://theupdateframework.github.io/specification/latest/
"""

from __future__ import annotations

import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from gate.errors import TrustRootError
from gate.model.deadline import TimedCalls
from gate.trust.root import MAX_ROOT

if TYPE_CHECKING:
    from tuf.ngclient import FetcherInterface

TARGET: Final = "trusted_root.json"
SECONDS: Final = 60.0
"""How long a repository may take for all that is asked of it. The client itself waits two minutes
for each of its files, and for ever where one comes byte by byte."""


def fetch_trusted_root(
    url: str, first_root: bytes, ca_file: Path | None = None, *, seconds: float = SECONDS
) -> bytes:
    """Return the repository's `trusted_root.json`, of at most 4 MiB. Raises TrustRootError.

    `ca_file` holds certificates that its server may have besides those that the system trusts.

    Every signature, threshold, version and expiry is verified from `first_root` on. Nothing
    is read from an earlier run and nothing is left for a later one: a cache on disk is
    what its last writer made of it. A repository that takes more than `seconds` is given up.
    """
    base = url.rstrip("/")
    try:
        return TimedCalls().within(seconds, lambda: _fetched(base, first_root, ca_file))
    except TimeoutError as error:
        raise _unreachable(base, str(error)) from error


def _fetched(base: str, first_root: bytes, ca_file: Path | None) -> bytes:
    # Only a policy that asks for it pays for the client's start.
    from tuf.api.exceptions import DownloadError  # noqa: PLC0415  # as above
    from tuf.ngclient.updater import Updater  # noqa: PLC0415  # as above
    from urllib3.exceptions import HTTPError  # noqa: PLC0415  # as above

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
            content = None
            if target is not None and target.length <= MAX_ROOT:
                content = Path(updater.download_target(target)).read_bytes()
        except (DownloadError, HTTPError) as error:
            # The client lets through what its library says of an answer that breaks off.
            raise _unreachable(base, str(error)) from error
        except Exception as error:
            raise _unusable(base, str(error) or type(error).__name__) from error
        if content is None:
            raise _unusable(base, f"it has no {TARGET} of at most {MAX_ROOT} bytes")
        return content


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


def _unreachable(url: str, why: str) -> TrustRootError:
    return TrustRootError(
        "trust-root-unreachable",
        f"the TUF repository {url} did not answer: {why}",
        remedy="try again, or pin a copy of its trusted_root.json with file and sha256",
    )


def _unusable(url: str, why: str) -> TrustRootError:
    return TrustRootError(
        "trust-root-unverified",
        f"the TUF repository {url} gives no trusted root that can be verified: {why}",
        remedy="compare the first root that the policy pins with the repository's own",
    )
