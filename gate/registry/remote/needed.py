"""What a registry needs of the file that says how registries are reached, found by asking it.

A person names the registry here, so a private address, plain http and a token server elsewhere
are facts to find out, and no attack to refuse. No credential is sent to anybody.
"""

from __future__ import annotations

import enum
from contextlib import closing
from dataclasses import replace
from typing import Final

from gate.errors import RegistryError
from gate.model.records import dataclass
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpQuestion
from gate.registry.http.unanswered import NO_HTTPS
from gate.registry.http.url import Url
from gate.registry.login.challenge import parse_challenge
from gate.registry.remote.ping import Pinged, ping

_UNAUTHORIZED: Final = 401
_TRIES: Final = 4
"""As often as something may be found that the next try needs: an address, then plain http."""


class Need(enum.StrEnum):
    """A kind of line of the file."""

    PRIVATE = "is at a private address"
    PLAIN_HTTP = "speaks plain http: logins and images can be read and changed on the way"
    TOKEN_SERVER = "sends logins to a token server on another host"  # noqa: S105  # a sentence
    AUTHORITY = "has a certificate that this machine does not trust"


@dataclass(frozen=True, slots=True)
class Needed:
    """One line that the file needs."""

    host: str
    need: Need
    error: RegistryError | None = None
    """Of an authority: what is wrong with the certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What came of asking a registry."""

    configuration: RegistryConfiguration
    """With all that was found: what a run needs."""
    needed: tuple[Needed, ...]
    """What the configuration that was given lacks, in the order in which it was found."""
    pinged: Pinged | None = None
    """None where the registry gave no answer."""
    error: RegistryError | None = None
    """Why there is no answer, or why no login can work."""


def find_needed(host: str, configuration: RegistryConfiguration) -> Reached:
    """Ask a registry, and its token server, until both answer. Never raises RegistryError."""
    found = _ask(host, configuration)
    if found.pinged is None or found.pinged.status != _UNAUTHORIZED:
        return found
    try:
        challenge = parse_challenge(found.pinged.challenge, host)
    except RegistryError as error:
        return replace(found, error=error)
    origin = Url.parse(found.configuration.origin(host))
    realm = origin.join(challenge.realm) if challenge.scheme == "bearer" else origin
    if realm is None or (realm.scheme == "http" and origin.scheme == "https"):
        return replace(found, error=_no_https(host))
    server = realm.authority
    if server == host:
        return found
    needed = found.needed
    if not found.configuration.may_hear(server, host):
        needed = (*needed, Needed(host, Need.TOKEN_SERVER))
    realms = {**found.configuration.realms}
    realms[host] = realms.get(host, frozenset()) | {server}
    known = replace(found.configuration, realms=realms)
    if realm.scheme == "http" and server not in known.insecure_hosts:
        needed = (*needed, Needed(server, Need.PLAIN_HTTP))
        known = replace(known, insecure_hosts=known.insecure_hosts | {server})
    service = [("service", challenge.service)] if challenge.service else []
    asked = _ask(server, known, realm.asking(service) if service else realm)
    return replace(
        found,
        configuration=asked.configuration,
        needed=(*needed, *asked.needed),
        error=found.error or asked.error,
    )


def _ask(host: str, configuration: RegistryConfiguration, url: Url | None = None) -> Reached:
    """Ask one host, and note what has to be said of it before it answers.

    A registry is asked for the root of its API, a token server at its URL.
    """
    needed: list[Needed] = []
    for _ in range(_TRIES):
        try:
            with closing(Exchange(configuration)) as exchange:
                pinged = _answer(exchange, configuration, host, url)
        except RegistryError as error:
            one = _need(host, error)
            if one is None:
                return Reached(configuration=configuration, needed=tuple(needed), error=error)
            needed.append(one)
            if one.need is Need.AUTHORITY:
                return Reached(configuration=configuration, needed=tuple(needed))
            configuration = _said(configuration, one)
        else:
            return Reached(configuration=configuration, needed=tuple(needed), pinged=pinged)
    return Reached(configuration=configuration, needed=tuple(needed))


def _answer(
    exchange: Exchange, configuration: RegistryConfiguration, host: str, url: Url | None
) -> Pinged:
    if url is None:
        return ping(exchange, configuration, host)
    answer = exchange.ask(HttpQuestion(url=url, most=configuration.bounds.token_bytes))
    return Pinged(answer.status, None)


def _need(host: str, error: RegistryError) -> Needed | None:
    if error.code == Code.ADDRESS_REFUSED:
        return Needed(host, Need.PRIVATE)
    if error.code != Code.TLS_FAILED:
        return None
    if NO_HTTPS in error.problem:
        return Needed(host, Need.PLAIN_HTTP)
    return Needed(host, Need.AUTHORITY, error)


def _said(configuration: RegistryConfiguration, one: Needed) -> RegistryConfiguration:
    if one.need is Need.PRIVATE:
        hosts = configuration.private_hosts | {one.host}
        return replace(configuration, private_hosts=hosts)
    # Whoever speaks plain http may be at a private address too: one line is enough.
    return replace(
        configuration,
        insecure_hosts=configuration.insecure_hosts | {one.host},
        private_hosts=configuration.private_hosts - {one.host},
    )


def _no_https(host: str) -> RegistryError:
    return RegistryError(
        Code.DENIED,
        f"{host} sends logins to a token server that is not at an https URL",
        remedy="Let who runs the registry give its token server an https URL.",
    )
