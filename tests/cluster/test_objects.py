"""Workloads are listed page by page, and what an API server does wrong is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from typing import Any, Final

import httpx
import pytest

from gate.cluster.kubeconfig import ClusterAccess
from gate.cluster.objects import WORKLOADS, ClusterClient
from gate.cluster.runs import judged
from gate.errors import ClusterError

Answer = Callable[[httpx.Request], httpx.Response]
ACCESS = ClusterAccess(server="https://cluster.example/prefix", token="t")


def listed(answer: Answer, *namespaces: str) -> list[dict[str, Any]]:
    with closing(ClusterClient(ACCESS, transport=httpx.MockTransport(answer))) as client:
        return list(client.workloads(namespaces))


def page(names: list[str], following: str = "", status: int = 200) -> httpx.Response:
    items = [{"metadata": {"name": name}} for name in names]
    return httpx.Response(status, json={"metadata": {"continue": following}, "items": items})


def test_every_kind_is_listed_with_its_version_in_every_namespace() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return page([request.url.path.rpartition("/")[2]])

    found = listed(answer)
    assert [(o["apiVersion"], o["kind"], o["metadata"]["name"]) for o in found] == list(WORKLOADS)
    assert {r.method for r in asked} == {"GET"}
    assert {r.headers["authorization"] for r in asked} == {"Bearer t"}
    assert asked[0].url.path == "/prefix/apis/apps/v1/deployments"
    asked.clear()
    listed(answer, "a", "b")
    assert asked[-1].url.path == "/prefix/api/v1/namespaces/b/pods"
    assert len(asked) == 2 * len(WORKLOADS)


def test_a_list_goes_on_where_its_page_ended_also_when_the_server_forgot_it() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/pods"):
            return page([])
        match request.url.params.get("continue"):
            case None:
                return page(["a", "b"], "one")
            case "one":
                return page([], "anew", status=410)
            case "anew":
                return page(["c"])
            case other:
                return httpx.Response(500, text=str(other))

    assert [o["metadata"]["name"] for o in listed(answer)] == ["a", "b", "c"]


HOW_IT_GOES_ON: Final[tuple[object, ...]] = (
    *({"continue": 7}, {"continue": 0}, {"continue": False}, {"continue": []}),
    *("c", [], False, None),
)
"""What no API server says of it."""


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (httpx.Response(401), "cluster-denied"),
        (httpx.Response(403, json={}), "cluster-denied"),
        (httpx.Response(302, headers={"location": "https://evil.example"}), "cluster-unexpected"),
        (httpx.Response(410, json={}), "cluster-unexpected"),
        (httpx.Response(200, text="<html>"), "cluster-unexpected"),
        (httpx.Response(200, json=[]), "cluster-unexpected"),
        (httpx.Response(200, json={"items": [1]}), "cluster-unexpected"),
        *(
            (httpx.Response(200, json={"items": [], "metadata": said}), "cluster-unexpected")
            for said in HOW_IT_GOES_ON
        ),
    ],
)
def test_an_answer_that_is_no_list_is_an_error(response: httpx.Response, code: str) -> None:
    with pytest.raises(ClusterError) as caught:
        listed(lambda _: response)
    assert (caught.value.code, caught.value.exit_code) == (code, 3)


def test_a_server_that_does_not_answer_is_an_error() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(ClusterError) as caught:
        listed(answer)
    assert caught.value.code == "cluster-unreachable"


def pod(name: str, owner: str = "", **spec: object) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "managedFields": [{}]}
    if owner:
        metadata["ownerReferences"] = [{"kind": "ReplicaSet", "uid": owner, "controller": True}]
    return {"kind": "Pod", "metadata": metadata, "spec": spec, "status": {"phase": "Running"}}


def test_of_pods_that_are_alike_one_is_judged() -> None:
    alike = [
        pod(
            f"web-{n}",
            "one",
            nodeName=f"n{n}",
            hostname=f"web-{n}",
            volumes=[{"name": f"kube-api-access-abcd{n}"}],
        )
        for n in range(3)
    ]
    other = [pod("web-4", "one", hostPID=True), pod("web-5", "two", nodeName="n0"), pod("alone")]
    names = [o["metadata"]["name"] for o in judged([*alike, *other])]
    assert names == ["web-0", "web-4", "web-5", "alone"]


def test_what_has_ended_and_what_is_seen_in_its_pods_is_not_judged() -> None:
    ended = {**pod("done"), "status": {"phase": "Succeeded"}}
    between = {**pod("web", "one"), "kind": "ReplicaSet"}
    assert list(judged([ended, between])) == []


def test_status_and_managed_fields_are_left_out() -> None:
    (kept,) = judged([pod("a")])
    assert json.dumps(kept) == '{"kind": "Pod", "metadata": {"name": "a"}, "spec": {}}'
