"""Where an answer sends us, and whether we go there."""

from __future__ import annotations

from typing import Final

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.question import HttpAnswer
from gate.registry.http.url import Url
from gate.registry.wire import quote

_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))


def is_redirect(answer: HttpAnswer) -> bool:
    """Whether an answer sends us to another place."""
    return answer.status in _REDIRECTS


def redirect_target(answer: HttpAnswer, configuration: RegistryConfiguration) -> Url:
    """Return where a redirect leads, if that is a place to go. Raises RegistryError."""
    location = answer.headers.get("location", "")
    target = answer.url.join(location)
    if target is None:
        raise redirect_refused(answer.url, "to something that is no URL")
    host = target.authority
    plain = target.scheme == "http" and host in configuration.insecure_hosts
    if target.scheme != "https" and not (plain and answer.url.scheme == "http"):
        raise redirect_refused(answer.url, "away from https")
    return target


def redirect_refused(url: Url, why: str) -> RegistryError:
    """Return the error of a redirect that is not followed."""
    return RegistryError(
        Code.REDIRECT_REFUSED,
        f"{quote(url.authority)} redirects {why}",
        remedy="Check the registry's address: an image is asked for over https, at its own host.",
    )
