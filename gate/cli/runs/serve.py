"""`gate serve` from its options to a server that runs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gate.admission.certificate import FilePairs, Pairs
from gate.admission.door import Mode
from gate.admission.own_pairs import OwnNames, OwnPairs
from gate.admission.pull_logins import PullLogins
from gate.admission.static_config import NO_LABELS, static_config
from gate.cli.reads.baseline import policy_settings
from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access, configuration_of
from gate.cli.reads.reopened import registry_opener
from gate.cli.runs.in_cluster import (
    NOT_OWN,
    AuditEvery,
    OwnOptions,
    Reach,
    audits_of,
    checked_pulls,
    own_names,
    reach_of,
)
from gate.cli.writes.log_lines import LogWriter
from gate.cli.writes.seen_lists import SeenLists
from gate.errors import UsageError
from gate.model.records import dataclass
from gate.pipeline.deploy import demand_pass

LOOK_SECONDS: Final = 20.0
"""For one image, all that is asked of its registry. Longer than a webhook waits: a second try then
finds the answer."""
_LAST_PORT: Final = 65_535
NOT_AUDITED: Final = AuditEvery()
_MAX_AUTHORITY: Final = 256 * 1024


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
    audit: AuditEvery = NOT_AUDITED
    events: bool = False


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
    own = _own(options)
    reach = reach_of(options.kubeconfig, options.access)
    pulls = checked_pulls(options.pulls, reach)
    audits = audits_of(options.audit, reach, _audited(options))
    policy = find_policy(options.policy, options.policy_digest)
    demand_pass(policy, found=False)
    asks = options.events or (policy.admission is not None and policy.admission.audit_labels)
    if asks:
        reach().close()  # an account that is not there is said at once
    opener = registry_opener(options.access, seconds=LOOK_SECONDS)
    _demand_extra()
    from gate.admission.server import Server, Settings

    with LogWriter(sys.stdout) as log:
        logins = PullLogins(reach, log.write)
        Server(
            Settings(
                host=host,
                port=port,
                mode=mode,
                pins_tags=options.mutate_digests,
                pulls=pulls,
                events=options.events,
                ca_file=configuration_of(options.access).ca_file,
            ),
            policy,
            policy_settings(policy),
            pairs=_pairs(options, own, reach),
            open_registry=opener,
            audits=audits,
            open_cluster=reach if asks else None,
            open_for=lambda scope: opener(logins.of(scope)),
            seen=SeenLists.of(options.access.environ, Path.home()),
            log=log.write,
        ).run()


def _demand_extra() -> None:
    """Refuse to go on without the packages of the server. Raises UsageError."""
    try:
        import gate.admission.server  # noqa: F401  # looked for alone
    except ModuleNotFoundError as error:
        raise UsageError(
            "serve-extra-missing",
            f"`gate serve` needs {error.name}, which is not installed",
            remedy="pip install 'gatepass[serve]'",
        ) from error


def _own(options: ServeOptions) -> OwnNames | None:
    """Return the names of a certificate of gate's own; None where the call gives files.

    Raises UsageError where it gives both or neither.
    """
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
    return own


def _pairs(options: ServeOptions, own: OwnNames | None, reach: Reach) -> Pairs:
    if own is None:
        return FilePairs(Path(options.certificate or ""), Path(options.key or ""))
    return OwnPairs(own, reach, lambda: datetime.now(UTC))


def _audited(options: ServeOptions) -> dict[str, Any]:
    """Return the options of an audit in a process of its own."""
    access = options.access
    return {
        "kubeconfig": options.kubeconfig,
        "policy": options.policy,
        "policy_digest": options.policy_digest,
        "layouts": list(access.layouts),
        "plain_http": list(access.plain_http),
        "registries": access.registries,
    }


def print_static(
    url: str | None, authority: str | None, policy: str | None, policy_digest: str | None
) -> None:
    """Print the webhook as files of the API server. Raises UsageError, PolicyError."""
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
    section = find_policy(policy, policy_digest).admission if policy is not None else None
    rule = section.audit_labels if section is not None else None
    sys.stdout.write(static_config(url, content, rule.labels if rule is not None else NO_LABELS))


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
