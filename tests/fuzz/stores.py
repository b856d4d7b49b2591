"""The oracle of GitHub's store of attestations, which names bundles at other hosts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, cast

from gate.model.evidence import Attached, PlaceNote, Unread
from gate.registry.bounds import BOUNDS
from gate.registry.configuration import GitHubStore
from gate.registry.elsewhere.github import attested_at_github
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpAnswer, HttpQuestion
from gate.registry.http.status import OK
from gate.registry.http.url import Url
from tests.trust.given import IMAGE

_API: Final = "https://api.github.example"
_STORE: Final = GitHubStore(api=_API, token="t")  # nobody's
_BOUNDS: Final = replace(BOUNDS, pages=3, blob_bytes=1 << 16)
_PAGE: Final = {"attestations": [{"bundle": {}}, {"bundle_url": "https://b.example/1"}]}
_NEXT: Final = b'<https://api.github.example/next?a=b>; rel="next"'


@dataclass(frozen=True)
class Answering:
    """Answers each question with foreign bytes, and notes who was sent the token."""

    link: str
    page: bytes
    stored: bytes

    def ask(self, question: HttpQuestion) -> HttpAnswer:
        own = question.url.origin == Url.parse(_API).origin
        assert own or question.authorization is None, "another host was sent the token"
        content = self.page if own else self.stored
        return HttpAnswer(OK, {"link": self.link}, content, question.url)


def github(data: bytes) -> bool:
    """Hold that bundles are found or their lack is told, and that no other host gets the token.

    Of three parts the first is a Link header, the second a page, the third a stored bundle.
    """
    link, _, rest = data.partition(b"\0")
    page, _, stored = rest.partition(b"\0")
    exchange = cast("Exchange", Answering(link.decode("latin-1"), page, stored))
    told = list(attested_at_github(exchange, _STORE, "acme", IMAGE, _BOUNDS))
    assert told, "what is there, and what is not, is told"
    assert all(isinstance(one, Attached | PlaceNote | Unread) for one in told)
    return any(isinstance(one, Attached) for one in told)


def attestations() -> Iterable[bytes]:
    """Return a page with a bundle and one that is elsewhere, alone and with another page."""
    rest = json.dumps(_PAGE).encode() + b"\0\x0a\x04a1234\x01\x05"
    return [b"\0" + rest, _NEXT + b"\0" + rest]
