"""GitHub's API for attestations over loopback, as far as gate asks it.

As the real one: a list by account or by repository and digest, pages with cursors and a Link header
that begins with `prev`, 404 in JSON both for what is not there and for what this token may not
see, 401 for a bad token, and an inlined bundle beside its `bundle_url`.

https://docs.github.com/rest/orgs/attestations#list-attestations

And its records of deployments, one for each deployment of an environment and cluster; a body that
is not as its schema says is answered with 422.
https://docs.github.com/rest/orgs/artifact-metadata#create-an-artifact-deployment-record
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

from gate.model.image import Digest
from tests.fakes.registry import FakeRegistry, Reply, Request

_LIST = re.compile(r"/(?:orgs|repos)/(?P<of>[^/]+(?:/[^/]+)?)/attestations/(?P<digest>sha256:\w+)")

_RECORD = re.compile(r"/orgs/(?P<of>[^/]+)/artifacts/metadata/deployment-record")
_FIELDS = {
    "name": re.compile(r".{1,256}"),
    "digest": re.compile(r"sha256:[a-f0-9]{64}"),
    "version": re.compile(r".{1,100}"),
    "status": re.compile(r"deployed|decommissioned"),
    "logical_environment": re.compile(r".{1,128}"),
    "physical_environment": re.compile(r".{0,128}"),
    "cluster": re.compile(r".{0,128}"),
    "deployment_name": re.compile(r".{1,256}"),
    "github_repository": re.compile(r"[A-Za-z0-9.\-_]+"),
}
_NEEDED = {"name", "digest", "status", "logical_environment", "deployment_name"}


class FakeGitHub(FakeRegistry):
    """The API at `host`, in plain http. Private things are shown to `token` alone."""

    def __init__(self, *, token: str = "", private: bool = False, page: int = 30) -> None:
        super().__init__()
        self._shown_to = token
        self._private = private
        self._page = page
        self._bundles: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.deployments: dict[tuple[str, ...], dict[str, str]] = {}
        """By organization, environment, cluster and name of the deployment."""

    def attest(self, repository: str, digest: Digest, *bundles: Mapping[str, object]) -> None:
        """Hold bundles of a repository, `account/name`; its account lists them too."""
        for bundle in bundles:
            entry = {
                "bundle": bundle,
                "bundle_url": "https://tmaproduction.blob.core.windows.net/attestations/1.json.sn",
                "repository_id": 1,
            }
            for of in (repository, repository.partition("/")[0]):
                self._bundles.setdefault((of, str(digest)), []).append(entry)

    def answer(self, request: Request) -> Reply:
        """Return the answer to a request, and remember that it was asked."""
        self.requests.append(request)
        scripted = self._scripted(request)
        if scripted and (reply := scripted(request)):
            return reply
        sent = request.headers.get("authorization", "")
        if sent and sent != f"Bearer {self._shown_to}":
            return _said(401, "Bad credentials")
        path = urllib.parse.urlsplit(request.path)
        if request.method == "POST":
            return self._recorded(path.path, sent, request.body)
        asked = _LIST.fullmatch(path.path)
        found = self._bundles.get((asked["of"], asked["digest"])) if asked else None
        if not found or (self._private and not sent):
            return _said(404, "Not Found")
        query = dict(urllib.parse.parse_qsl(path.query))
        start = int(query.get("after", "0"))
        shown = found[start : start + min(self._page, int(query["per_page"]))]
        links = [f'<{self._url(path.path, "before", start)}>; rel="prev"'] if start else []
        if start + len(shown) < len(found):
            links.append(f'<{self._url(path.path, "after", start + len(shown))}>; rel="next"')
        headers = {"content-type": "application/json; charset=utf-8"}
        body = json.dumps({"attestations": shown}).encode()
        return Reply(200, headers | ({"link": ", ".join(links)} if links else {}), body)

    def _recorded(self, path: str, sent: str, body: bytes) -> Reply:
        asked = _RECORD.fullmatch(path)
        if asked is None or not sent:
            return _said(404, "Not Found")
        said = json.loads(body)
        known = _NEEDED <= said.keys() <= _FIELDS.keys()
        if not known or not all(_FIELDS[key].fullmatch(value) for key, value in said.items()):
            return _said(422, "Validation Failed")
        keys = ("logical_environment", "cluster", "deployment_name")
        self.deployments[(asked["of"], *(said.get(key, "") for key in keys))] = said
        return Reply(200, {"content-type": "application/json"}, b'{"total_count": 1}')

    def _url(self, path: str, name: str, at: int) -> str:
        return f"http://{self.host}{path}?per_page={self._page}&{name}={at}"


def _said(status: int, message: str) -> Reply:
    page = {
        "message": message,
        "documentation_url": "https://docs.github.com/rest",
        "status": str(status),
    }
    return Reply(status, {"content-type": "application/json"}, json.dumps(page).encode())
