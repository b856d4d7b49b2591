"""`gate serve` from its options to a server that runs."""

from __future__ import annotations

import ipaddress
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gate.admission.certificate import FilePairs, Pairs
from gate.admission.door import Mode
from gate.admission.own_pairs import OwnNames, OwnPairs
from gate.admission.pull_logins import PullLogins
from gate.admission.static_config import static_config
from gate.cli.reads.baseline import policy_settings
from gate.cli.reads.clusters import cluster_access
from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access
from gate.cli.reads.reopened import registry_opener
from gate.cli.writes.log_lines import LogWriter
from gate.cli.writes.seen_lists import SeenLists
from gate.cluster.single import SingleObjects
from gate.errors import UsageError
from gate.pipeline.deploy import demand_pass

LOOK_SECONDS: Final = 20.0
"""For one image, all that is asked of its registry. Longer than a webhook waits: a second try then
finds the answer."""
_LAST_PORT: Final = 65_535
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_MAX_AUTHORITY: Final = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOptions:
    """Of a certificate that gate makes itself."""

    secret: str | None = None
    certificate_for: str | None = None
    webhook: str | None = None


NOT_OWN: Final = OwnOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What a person or a chart asked for."""

    policy: str | None
    policy_digest: str | None
    listen: str
    certificate: str | None
    key: str | None
    mode: str
    access: Access
    own: OwnOptions = NOT_OWN
    kubeconfig: str | None = None
    mutate_digests: bool = False
    pulls: frozenset[str] = frozenset()


def run_serve(options: ServeOptions) -> None:
    """Serve until SIGTERM. Raises GateError where it cannot begin."""
    host, port = _address(options.listen)
    mode = _mode(options.mode)
    if options.policy is None:
        raise UsageError(
            "policy-not-for-admit",
            "`gate serve` was given no policy",
            remedy="Name the deploy policy with --policy; docs/admission.md shows one.",
        )
    own = own_names(options.own, mutates=options.mutate_digests) if options.own != NOT_OWN else None
    if own is None and (options.certificate is None or options.key is None):
        raise UsageError(
            "serve-certificate",
            "the API server calls webhooks over TLS alone, and "
            f"{'--cert' if options.certificate is None else '--key'} is not given",
            remedy="give --cert and --key: PEM files of one certificate with its chain, and its "
            "key; or let gate make them with --own-certificate",
        )
    if own is not None and (options.certificate or options.key):
        raise UsageError(
            "own-certificate-incomplete",
            "--own-certificate is given, and --cert or --key too",
            remedy="give either --cert and --key, or --own-certificate",
        )
    wrong = sorted(name for name in options.pulls if not _is_name(name))
    if wrong:
        raise UsageError(
            "pull-secrets-namespace",
            f"--pull-secrets {wrong[0]!r} is no name of a namespace",
            remedy="name one namespace, such as --pull-secrets shop, and repeat it for more",
        )
    if options.pulls:
        _cluster_of(options)().close()  # an account that is not there is said at once
    policy = find_policy(options.policy, options.policy_digest)
    demand_pass(policy, found=False)
    opener = registry_opener(options.access, seconds=LOOK_SECONDS)
    try:
        from gate.admission.server import Server, Settings
    except ModuleNotFoundError as error:
        raise UsageError(
            "serve-extra-missing",
            f"`gate serve` needs {error.name}, which is not installed",
            remedy="pip install 'gatepass[serve]'",
        ) from error
    with LogWriter(sys.stdout) as log:
        pulls = PullLogins(_cluster_of(options), log.write)
        Server(
            Settings(
                host=host,
                port=port,
                mode=mode,
                pins_tags=options.mutate_digests,
                pulls=options.pulls,
            ),
            policy,
            policy_settings(policy),
            pairs=_pairs(options, own),
            open_registry=opener,
            open_for=lambda scope: opener(pulls.of(scope)),
            seen=SeenLists.of(options.access.environ, Path.home()),
            log=log.write,
        ).run()


def own_names(own: OwnOptions, *, mutates: bool = False) -> OwnNames:
    """Return what a certificate of gate's own is named by. Raises UsageError."""
    namespace, slash, secret = (own.secret or "").partition("/")
    named = {
        "--own-certificate NAMESPACE/SECRET": slash and all(map(_is_name, (namespace, secret))),
        "--certificate-for NAME": own.certificate_for and _is_host(own.certificate_for),
        "--webhook NAME": own.webhook and _is_name(own.webhook),
    }
    wrong = [option for option, holds in named.items() if not holds]
    if wrong:
        raise UsageError(
            "own-certificate-incomplete",
            f"a certificate of gate's own needs {' and '.join(wrong)}",
            remedy="write for example --own-certificate gate-system/gate-tls --certificate-for "
            "gate.gate-system.svc --webhook gate-system-gate",
        )
    return OwnNames(
        namespace=namespace,
        secret=secret,
        certificate_for=own.certificate_for or "",
        webhooks=tuple(
            f"{kind}webhookconfigurations/{own.webhook}"
            for kind in ("validating", *(("mutating",) if mutates else ()))
        ),
    )


def _pairs(options: ServeOptions, own: OwnNames | None) -> Pairs:
    if own is None:
        return FilePairs(Path(options.certificate or ""), Path(options.key or ""))

    return OwnPairs(own, _cluster_of(options), lambda: datetime.now(UTC))


def _cluster_of(options: ServeOptions) -> Callable[[], SingleObjects]:
    """Return what reaches the cluster with the token of the moment."""
    return lambda: SingleObjects(cluster_access(options.kubeconfig, options.access.environ))


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text))


def _is_host(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return _is_name(text)


def print_static(url: str | None, authority: str | None) -> None:
    """Print the webhook as files of the API server. Raises UsageError."""
    if url is None or authority is None:
        raise UsageError(
            "static-config-incomplete",
            f"--print-static-config needs {'--url' if url is None else '--ca'}",
            remedy="give --url, where the API server reaches gate, and --ca, the authority that "
            "issued gate's certificate",
        )
    try:
        with Path(authority).open("rb") as file:
            content = file.read(_MAX_AUTHORITY)
    except OSError as error:
        raise UsageError(
            "cannot-read",
            f"{authority!r} cannot be read: {error.strerror}",
            remedy="check the file and its permissions",
        ) from error
    sys.stdout.write(static_config(url, content))


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit():
        raise _no_address(text)
    number = int(port[:6])
    if not 0 < number <= _LAST_PORT:
        raise _no_address(text)
    return host.removeprefix("[").removesuffix("]"), number


def _no_address(text: str) -> UsageError:
    return UsageError(
        "serve-listen",
        f"--listen {text!r} is not HOST:PORT",
        remedy="write an address and a port, such as 0.0.0.0:8443",
    )


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError:
        raise UsageError(
            "serve-mode",
            f"--mode {text!r} is neither enforce nor audit",
            remedy="write --mode enforce, or --mode audit to refuse nothing",
        ) from None
