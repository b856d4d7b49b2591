"""What mends a container: the fields that it gets, or why it is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from gate.documents.lenient import dig, is_number
from gate.lint.facts.security import added, dropped, plain
from gate.lint.facts.view import Container
from gate.model.document import Path


class LeaveError(Exception):
    """A finding that is left alone; the text says why."""


def _check_started(container: Container) -> None:
    """Leave alone a container that the kernel lets do everything: nothing else holds there."""
    if container.context.get("privileged") is True:
        raise LeaveError("the container is privileged")


def check_user(container: Container) -> None:
    """Raise LeaveError for a container that runAsNonRoot would keep from starting."""
    _check_started(container)
    user, _ = container.setting("runAsUser")
    if is_number(user) and user == 0:
        raise LeaveError("the container's user is 0, so it would not start")
    if container.pod.value.get("hostUsers") is False:
        raise LeaveError("the pod has its own users, so root is nobody outside")


def allows(check: Callable[[Container], None]) -> Callable[[Container], bool]:
    """Return whether a container passes a check."""

    def allowed(container: Container) -> bool:
        try:
            check(container)
        except LeaveError:
            return False
        return True

    return allowed


def is_careless(container: Container, key: tuple[str, ...]) -> bool:
    """Whether what the container says itself is nothing that somebody chose with care."""
    own: Any = container.context.get(key[0])
    return own in (None, False) or (isinstance(own, dict) and own.get("type") == "Unconfined")


def _no_escalation(container: Container) -> Iterator[tuple[Path, bool | str]]:
    _check_started(container)
    if any(plain(name) == "SYS_ADMIN" for _, name in added(container)):
        raise LeaveError("the container adds SYS_ADMIN, which the API server refuses beside it")
    if container.context.get("allowPrivilegeEscalation") is not False:
        yield container.security("allowPrivilegeEscalation"), False


def _no_capabilities(container: Container) -> Iterator[tuple[Path, bool | str]]:
    _check_started(container)
    names = dropped(container)
    if "ALL" in names:
        return
    drop = (*container.security("capabilities"), "drop")
    written = dig(container.context, "capabilities", "drop")
    yield (*drop, len(written)) if isinstance(written, list) else drop, "ALL"


def _read_only(container: Container) -> Iterator[tuple[Path, bool | str]]:
    _check_started(container)
    yield container.security("readOnlyRootFilesystem"), True


READ_ONLY: Final = "no-read-only-root-fs"
"""The rule whose mending may stop a program."""
OF_CONTAINERS: Final[dict[str, Callable[[Container], Iterator[tuple[Path, bool | str]]]]] = {
    "allow-privilege-escalation-unset": _no_escalation,
    "privilege-escalation-container": _no_escalation,
    "drop-all-capabilities": _no_capabilities,
    "drop-net-raw-capability": _no_capabilities,
    READ_ONLY: _read_only,
}
"""By rule, the fields that mend a container, from the object's root, and their values."""
