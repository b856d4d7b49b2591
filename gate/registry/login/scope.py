"""What a token is for, and the error of a host that does not let us in."""

from __future__ import annotations

from gate.errors import RegistryError
from gate.model.records import dataclass
from gate.registry.codes import Code


@dataclass(frozen=True, slots=True)
class TokenScope:
    """What a token is for: one repository, and what is done there."""

    host: str
    repository: str
    """As the registry calls it, without the host."""
    actions: str
    """`pull` or `pull,push`."""
    mounted: str = ""
    """Another repository of the host, of which a blob will be mounted."""

    def __str__(self) -> str:
        """Return it as token servers read it."""
        own = f"repository:{self.repository}:{self.actions}"
        return f"{own} repository:{self.mounted}:pull" if self.mounted else own


def denied(scope: TokenScope, why: str, *, login: bool | None = None) -> RegistryError:
    """Return the error of a host that does not let us in.

    `login` is whether a login for the host is known; None where that was not looked at.
    """
    if login:
        return RegistryError(
            Code.DENIED,
            f"{scope.host}/{scope.repository} is not for us to {scope.actions}: {why}",
            remedy=f"Correct the login for {scope.host} (`docker login {scope.host}`), or let its "
            f"account {scope.actions} this repository.",
        )
    return RegistryError(
        Code.DENIED,
        f"{scope.host}/{scope.repository} is not for us to {scope.actions}: {why}",
        remedy=f"Log in to {scope.host} (docker login, or GATE_REGISTRY_USERNAME and"
        " GATE_REGISTRY_PASSWORD with GATE_REGISTRY), and check that the name exists.",
    )
