"""GitHub's store of attestations: bundles by the digest of what they are about.

`actions/attest-build-provenance` and its kin store there, and push to the registry only where a
workflow asks for it.

https://docs.github.com/rest/orgs/attestations#list-attestations
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.errors import RegistryError
from gate.model.evidence import Attached, AttachedKind, PlaceNote, Storage, Unread
from gate.model.expressions import expression
from gate.model.image import Digest, ResolvedImage
from gate.registry.attempt import Told, Where, attempt
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.configuration import GitHubStore
from gate.registry.elsewhere.snappy import uncompress
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpAnswer, HttpQuestion, is_rate_limited
from gate.registry.http.status import FORBIDDEN, NOT_FOUND, OK, UNAUTHORIZED
from gate.registry.http.url import Url
from gate.registry.wire import parse_object, quote

_VERSION: Final = "2022-11-28"
"""The version of the API whose answers hold the bundles themselves."""
_PAGE: Final = 30
_NEXT: Final = expression(r'<([^<>]*)>\s*;\s*rel="?next"?\s*(?:[;,]|$)', re.IGNORECASE)


def attested_at_github(
    exchange: Exchange, store: GitHubStore, owner: str, image: ResolvedImage, bounds: Bounds
) -> Iterator[Told]:
    """Yield every bundle about the image or a platform that the account shows to this login.

    `owner` is an account, or `account/repository`. A redirect to another host gets no token. GitHub
    answers 404 both for "none" and for "not to you": with a token that counts as none, and a
    PlaceNote says so; without one it is not known, and an Unread says so.
    """
    found = False
    for subject in image.digests:
        where = Where(Storage.GITHUB, subject, None, f"attestations of {owner} at {_host(store)}")
        try:
            for item in attempt(where, _about, exchange, store, owner, subject, bounds):
                found = True
                yield item
        except RegistryError as error:
            yield where.unread(error)  # and nothing more is asked
            return
    if not found:
        yield PlaceNote(
            f"{_host(store)} shows no attestation of {owner} about it to this login",
            f"correct the account under `github` in the file of --registries if {owner} is not it, "
            "and let the token read attestations (`permissions: {attestations: read}`)",
        )


def _about(
    exchange: Exchange, store: GitHubStore, owner: str, subject: Digest, bounds: Bounds
) -> Iterator[Attached | Unread]:
    of = "repos" if "/" in owner else "orgs"
    asked = Url.parse(f"{store.api}/{of}/{owner}/attestations/{subject}?per_page={_PAGE}")
    url: Url | None = asked
    for _ in range(bounds.pages):
        if url is None:
            return
        answer = exchange.ask(
            HttpQuestion(
                url=url,
                accept="application/vnd.github+json",
                authorization=f"Bearer {store.token}" if store.token else None,
                headers={"x-github-api-version": _VERSION},
                most=bounds.blob_bytes,
            )
        )
        if answer.status == NOT_FOUND and store.token:
            return
        _demand(answer, store, owner)
        what = f"the answer of {_host(store)}"
        page = parse_object(answer.content, what=what, depth=bounds.json_depth)
        for one in _entries(page, what):
            where = Where(Storage.GITHUB, subject, None, "a bundle")
            yield from attempt(where, _bundle, exchange, store, one, subject, bounds)
        url = _next(answer, asked, store)
    raise RegistryError(
        Code.TOO_MANY,
        f"{_host(store)} lists more than {bounds.pages} pages of attestations of {subject}",
        remedy="Delete attestations of past builds at GitHub.",
    )


def _demand(answer: HttpAnswer, store: GitHubStore, owner: str) -> None:
    """Refuse every status but 200, saying what it means."""
    status, host = answer.status, quote(answer.url.authority)
    if status == OK:
        return
    if is_rate_limited(answer) or answer.headers.get("x-ratelimit-remaining") == "0":
        raise RegistryError(
            Code.RATE_LIMITED,
            f"{host} limits how much we may ask (HTTP {status})",
            remedy="Give the job GITHUB_TOKEN for a higher limit, or wait.",
        )
    if status in (UNAUTHORIZED, FORBIDDEN, NOT_FOUND):
        with_token = "with the token" if store.token else "without a token"
        raise RegistryError(
            Code.DENIED,
            f"{host} shows no attestations of {owner} to us (HTTP {status}, asked {with_token})",
            remedy="Give the job GITHUB_TOKEN and `permissions: {attestations: read}`.",
        )
    raise RegistryError(
        Code.UNEXPECTED_STATUS,
        f"{host} answered HTTP {status} for attestations of {owner}",
        remedy="Run again; if it stays so, look at GitHub's status page.",
    )


def _entries(page: Mapping[str, Any], what: str) -> Iterator[Mapping[str, Any]]:
    listed = page.get("attestations")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise _malformed(f"{what} has no list `attestations` of objects")
    yield from listed


def _bundle(
    exchange: Exchange,
    store: GitHubStore,
    entry: Mapping[str, Any],
    subject: Digest,
    bounds: Bounds,
) -> Iterator[Attached]:
    """Yield the bundle of an entry, from the answer or from where it says that it is.

    Later versions of the API name a file at another host, compressed by Snappy, which is asked for
    without the token.
    """
    bundle, place = entry.get("bundle"), entry.get("bundle_url")
    if isinstance(bundle, dict):
        content = json.dumps(bundle, separators=(",", ":")).encode()
    elif isinstance(place, str) and (url := Url.parse(store.api).join(place)) is not None:
        content = _stored(exchange, store, url, bounds)
    else:
        raise _malformed(f"{_host(store)} lists an attestation without its bundle")
    yield Attached(AttachedKind.BUNDLE, content, Storage.GITHUB, subject)


def _stored(exchange: Exchange, store: GitHubStore, url: Url, bounds: Bounds) -> bytes:
    host = quote(url.authority)
    if url.scheme != "https" and url.scheme != Url.parse(store.api).scheme:
        raise RegistryError(
            Code.REDIRECT_REFUSED,
            f"{_host(store)} names a bundle at {host} that is not served over https",
            remedy="Look at the proxy before GitHub.",
        )
    answer = exchange.ask(HttpQuestion(url=url, most=bounds.blob_bytes))
    if answer.status != OK:
        raise RegistryError(
            Code.UNEXPECTED_STATUS,
            f"{host}, where {_host(store)} keeps a bundle, answered HTTP {answer.status}",
            remedy="Run again, and let this machine reach that host.",
        )
    try:
        return uncompress(answer.content, most=bounds.blob_bytes)
    except ValueError as problem:
        raise _malformed(f"a bundle at {host} is no block of Snappy: {problem}") from problem


def _malformed(problem: str) -> RegistryError:
    return RegistryError(
        Code.MALFORMED_ANSWER,
        problem,
        remedy="Download it with `gh attestation download` and name the file with --bundle.",
    )


def _next(answer: HttpAnswer, asked: Url, store: GitHubStore) -> Url | None:
    """Return the next page, which is at the same host. Raises RegistryError."""
    form = _NEXT.search(answer.headers.get("link", ""))
    if form is None:
        return None
    target = answer.url.join(form[1])
    if target is None or target.origin != asked.origin:
        raise RegistryError(
            Code.REDIRECT_REFUSED,
            f"{_host(store)} continues its list of attestations at another place",
            remedy="Look at the proxy before GitHub that writes Link headers.",
        )
    return target


def _host(store: GitHubStore) -> str:
    return quote(Url.parse(store.api).authority)
