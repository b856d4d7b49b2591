"""Why a registry did not give what was asked for: what the status of its answer means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.http.question import HttpAnswer, is_rate_limited
from gate.registry.http.status import FORBIDDEN, NOT_FOUND, UNAUTHORIZED
from gate.registry.login.scope import TokenScope, denied
from gate.registry.wire import error_codes, quote

_ERROR_CODES: Final = frozenset(
    (
        *("BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "DENIED", "DIGEST_INVALID", "MANIFEST_INVALID"),
        *("MANIFEST_BLOB_UNKNOWN", "MANIFEST_UNKNOWN", "NAME_INVALID", "NAME_UNKNOWN"),
        *("SIZE_INVALID", "TOOMANYREQUESTS", "UNAUTHORIZED", "UNSUPPORTED"),
    )
)
"""Codes that a message may repeat; nothing else that a registry writes is."""


def refused(
    answer: HttpAnswer, what: str, scope: TokenScope, *, who: Callable[[], bool | None]
) -> RegistryError:
    """Return the error of an answer without what was asked for, by its status.

    `what` is the name in the repository. `who` says whether a login is known; it is asked only
    where that matters, since to know may take a credential helper.
    """
    name = f"{scope.host}/{scope.repository}"
    known = sorted(error_codes(answer.content) & _ERROR_CODES)
    said = f"HTTP {answer.status}{' ' + ', '.join(known) if known else ''}"
    if answer.url.authority != scope.host:
        said += f" from {quote(answer.url.authority)}, to which {scope.host} sent us"
    if is_rate_limited(answer):
        return RegistryError(
            Code.RATE_LIMITED,
            f"{scope.host} limits how much we may ask ({said})",
            remedy=f"Log in to {scope.host} for a higher limit, use a mirror, or wait.",
        )
    if answer.status in (UNAUTHORIZED, FORBIDDEN):
        login = who()
        known_login = f", {'though a' if login else 'and no'} login is known for {scope.host}"
        return denied(scope, f"{said}{'' if login is None else known_login}", login=login)
    if answer.status == NOT_FOUND:
        blob = what.startswith("blob ")
        return RegistryError(
            Code.MISSING_BLOB if blob else Code.NOT_FOUND,
            f"{name} has no {what}, or does not show it to us ({said})",
            remedy="Check the name, and log in if the repository is private.",
        )
    return RegistryError(
        Code.UNEXPECTED_STATUS,
        f"{quote(answer.url.authority)} answered {said} to {name} {what}",
        remedy="Run again; if it stays so, look at the registry's log.",
    )
