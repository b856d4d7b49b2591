"""Whether a registry is there and what its clock says, before any image is asked for."""

from __future__ import annotations

from datetime import UTC, datetime

from gate.model.records import dataclass
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpQuestion
from gate.registry.http.url import Url


@dataclass(frozen=True, slots=True)
class Pinged:
    """A registry that answered."""

    status: int
    """200 where anybody may ask, 401 where it wants to know who does."""
    at: datetime | None
    """What time it is there, UTC, to the second; None where the answer does not say."""
    challenge: str = ""
    """How it wants to be asked: the WWW-Authenticate header, foreign text."""


def ping(exchange: Exchange, configuration: RegistryConfiguration, host: str) -> Pinged:
    """Ask a host for the root of its API, as nobody. Raises RegistryError.

    https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support
    """
    url = Url.parse(f"{configuration.origin(host)}/v2/")
    answer = exchange.ask(HttpQuestion(url=url, most=configuration.bounds.error_bytes))
    headers = answer.headers
    return Pinged(
        answer.status, _date(headers.get("date", "")), headers.get("www-authenticate", "")
    )


def _date(header: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # few commands ask the time

    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None
