"""What a server does in its cluster besides answering: its certificate, audits, pull secrets."""

from __future__ import annotations

import ipaddress
import json
import re
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from gate.admission.audits import Audits, identity_of
from gate.admission.lease import SharedTurn
from gate.admission.own_pairs import OwnNames
from gate.cli.reads.clusters import cluster_access
from gate.cli.reads.places import Access
from gate.cluster.single import SingleObjects
from gate.errors import UsageError
from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.policy.duration import parse_duration

Reach: TypeAlias = Callable[[], SingleObjects]
"""Reaches the cluster, with the token of the moment."""
_SHORTEST_AUDIT: Final = timedelta(minutes=10)
_NAME: Final = expression(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOptions:
    """Of a certificate that gate makes itself."""

    secret: str | None = None
    certificate_for: str | None = None
    webhook: str | None = None


NOT_OWN: Final = OwnOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvery:
    """How often what runs is judged, and by which Lease replicas agree who does it."""

    every: str | None = None
    lease: str | None = None


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


def reach_of(kubeconfig: str | None, access: Access) -> Reach:
    """Return what reaches the cluster."""
    return lambda: SingleObjects(cluster_access(kubeconfig, access.environ))


def checked_pulls(pulls: frozenset[str], reach: Reach) -> frozenset[str]:
    """Return the namespaces whose pull secrets are read. Raises UsageError."""
    wrong = sorted(name for name in pulls if not _is_name(name))
    if wrong:
        raise UsageError(
            "pull-secrets-namespace",
            f"--pull-secrets {wrong[0]!r} is no name of a namespace",
            remedy="name one namespace, such as --pull-secrets shop, and repeat it for more",
        )
    if pulls:
        reach().close()  # an account that is not there is said at once
    return pulls


def audits_of(asked: AuditEvery, reach: Reach, audited: dict[str, Any]) -> Audits | None:
    """Return what audits the cluster; None where nobody asks. Raises UsageError.

    `audited` are the options of one audit.
    """
    if asked == AuditEvery():
        return None
    namespace, slash, lease = (asked.lease or "").partition("/")
    try:
        every = parse_duration(asked.every)
    except ValueError:
        every = timedelta()
    if every < _SHORTEST_AUDIT or not slash or not all(map(_is_name, (namespace, lease))):
        raise UsageError(
            "serve-audit",
            "a repeated audit needs --audit-every, of ten minutes or more, and "
            "--audit-lease NAMESPACE/LEASE",
            remedy="write for example --audit-every 6h --audit-lease gate-system/gate-audit",
        )
    reach().close()  # an account that is not there is said at once

    def clock() -> datetime:
        return datetime.now(UTC)

    return Audits(
        command=(sys.executable, "-m", "gate.cli.runs.audited", json.dumps(audited)),
        turn=SharedTurn(
            open_cluster=reach,
            path=f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{lease}",
            identity=identity_of(secrets.token_hex(8)),
            every=every,
            clock=clock,
        ),
        open_cluster=reach,
        clock=clock,
    )


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text))


def _is_host(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return _is_name(text)
