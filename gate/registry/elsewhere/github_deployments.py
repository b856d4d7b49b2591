"""GitHub's records of what is deployed where: one request for each place of an image.

https://docs.github.com/rest/orgs/artifact-metadata#create-an-artifact-deployment-record
"""

from __future__ import annotations

import json
from dataclasses import field
from typing import Any, Final

from gate.errors import RegistryError
from gate.model.deployed import DeploymentRecord
from gate.model.records import dataclass
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpAnswer, HttpQuestion, is_rate_limited
from gate.registry.http.status import FORBIDDEN, NOT_FOUND, OK, UNAUTHORIZED
from gate.registry.http.url import Url
from gate.registry.wire import parse_object, quote

_VERSION: Final = "2022-11-28"
_LONGEST: Final = 200
"""Characters of what GitHub says that a message repeats."""
_REFUSED: Final = (UNAUTHORIZED, FORBIDDEN, NOT_FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubDeployments:
    """Where deployments are recorded."""

    api: str
    """`https://api.github.com`, or of an own server `https://HOST/api/v3`. No slash at the end."""
    organization: str
    token: str = field(repr=False)
    """Sent to the host of `api`, and to no other."""
    repository: str = ""
    """Whose images these are, for those without provenance at GitHub; empty for nobody's."""
    cluster: str = ""


def record_at_github(
    exchange: Exchange, place: GitHubDeployments, record: DeploymentRecord, bounds: Bounds
) -> None:
    """Write one record; one of the same deployment is replaced. Raises RegistryError.

    It is asked once. A redirect is not followed, so that the token goes nowhere else.
    """
    said: dict[str, Any] = {
        "name": record.name,
        "digest": str(record.digest),
        "version": record.version,
        "status": "deployed",
        "logical_environment": record.environment,
        "deployment_name": record.deployment,
        "cluster": place.cluster,
        "github_repository": place.repository,
    }
    answer = exchange.ask(
        HttpQuestion(
            url=Url.parse(
                f"{place.api}/orgs/{place.organization}/artifacts/metadata/deployment-record"
            ),
            method="POST",
            accept="application/vnd.github+json",
            authorization=f"Bearer {place.token}",
            headers={"x-github-api-version": _VERSION},
            content=json.dumps({key: value for key, value in said.items() if value}).encode(),
            content_type="application/json",
            follow=False,
            most=bounds.manifest_bytes,
        )
    )
    if answer.status != OK:
        raise _not_recorded(answer, place)


def _not_recorded(answer: HttpAnswer, place: GitHubDeployments) -> RegistryError:
    host, status = quote(answer.url.authority), answer.status
    said = _message(answer)
    if is_rate_limited(answer) or answer.headers.get("x-ratelimit-remaining") == "0":
        code, remedy = Code.RATE_LIMITED, "Run the step again later."
    elif status in _REFUSED:
        code = Code.DENIED
        remedy = (
            f"Let the token write artifact metadata of {place.organization} "
            "(`permissions: {artifact-metadata: write}`), and see that this is an organization."
        )
    else:
        code, remedy = Code.UNEXPECTED_STATUS, "Run the step again; then look at GitHub's status."
    return RegistryError(code, f"{host} answered HTTP {status}{said}", remedy=remedy)


def _message(answer: HttpAnswer) -> str:
    """Return GitHub's own words about a refusal, as far as there are such."""
    try:
        said = parse_object(answer.content, what="the answer", depth=8).get("message")
    except RegistryError:
        return ""
    words = said[:_LONGEST].split() if isinstance(said, str) else ()
    return f" ({' '.join(map(quote, words))})" if words else ""
