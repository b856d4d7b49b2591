"""Single objects of a cluster, and the account that asks for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

import httpx
import pytest

from gate.cli.runs.in_cluster import OwnOptions, own_names
from gate.cluster.account import FOLDER, account_access
from gate.cluster.kubeconfig import ClusterAccess
from gate.cluster.single import MAX_BYTES, ObjectChangedError, SingleObjects
from gate.errors import ClusterError, UsageError

PATH: Final = "/api/v1/namespaces/gate-system/secrets/gate-tls"
TOKEN: Final = "canary-token"  # of no account
IN_A_POD: Final = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}


def objects(answer: Callable[[httpx.Request], httpx.Response]) -> SingleObjects:
    access = ClusterAccess(server="https://10.0.0.1:443", token=TOKEN)
    return SingleObjects(access, transport=httpx.MockTransport(answer))


def test_a_patch_says_its_type_and_is_asked_with_the_token() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"kind": "Secret"})

    operations = [{"op": "test", "path": "/a", "value": 1}]
    assert objects(answer).patch(PATH, operations) == {"kind": "Secret"}
    (request,) = seen
    assert request.headers["content-type"] == "application/json-patch+json"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert json.loads(request.content) == operations


@pytest.mark.parametrize("status", [409, 422])
def test_an_object_that_changed_meanwhile_is_told_apart_from_a_fault(status: int) -> None:
    asked = objects(lambda _: httpx.Response(status, json={}))
    with pytest.raises(ObjectChangedError):
        asked.replace(PATH, {})
    with pytest.raises(ClusterError):
        asked.get(PATH)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(403, json={}), "cluster-object-denied"),
        (httpx.Response(500, json={}), "cluster-unexpected"),
        (httpx.Response(302, headers={"location": "https://other/"}), "cluster-unexpected"),
        (httpx.Response(200, text="["), "cluster-unexpected"),
        (httpx.Response(200, text="[]"), "cluster-unexpected"),
        (httpx.Response(200, content=b" " * (MAX_BYTES + 1)), "cluster-unexpected"),
        (httpx.Response(404, json={}), "cluster-object-missing"),
    ],
)
def test_what_is_no_object_is_refused_by_its_cause(answer: httpx.Response, code: str) -> None:
    with pytest.raises(ClusterError) as caught:
        objects(lambda _: answer).replace(PATH, {})
    assert caught.value.code == code
    assert TOKEN not in str(caught.value)


def test_what_is_not_there_is_none() -> None:
    assert objects(lambda _: httpx.Response(404, json={})).get(PATH) is None


def test_a_pod_asks_as_its_account_with_the_token_of_now() -> None:
    files = {f"{FOLDER}/token": b"one\n", f"{FOLDER}/ca.crt": b"PEM"}
    access = account_access(IN_A_POD, files.__getitem__)
    assert (access.server, access.token, access.authority) == (
        "https://10.0.0.1:443",
        "one",
        b"PEM",
    )
    files[f"{FOLDER}/token"] = b"two"
    assert account_access(IN_A_POD, files.__getitem__).token == "two"
    six = account_access({**IN_A_POD, "KUBERNETES_SERVICE_HOST": "fd00::1"}, files.__getitem__)
    assert six.server == "https://[fd00::1]:443"


@pytest.mark.parametrize("environ", [{}, {**IN_A_POD, "KUBERNETES_SERVICE_PORT": "x"}, IN_A_POD])
def test_without_an_account_it_is_said(environ: dict[str, str]) -> None:
    def read(name: str) -> bytes:
        raise FileNotFoundError(name)

    with pytest.raises(UsageError) as caught:
        account_access(environ, read)
    assert caught.value.code == "cluster-account-missing"


@pytest.mark.parametrize(
    ("secret", "name", "webhook", "lacks"),
    [
        (None, "gate.s.svc", "w", "--own-certificate"),
        ("gate-tls", "gate.s.svc", "w", "--own-certificate"),
        ("s/../x", "gate.s.svc", "w", "--own-certificate"),
        ("s/gate-tls", None, "w", "--certificate-for"),
        ("s/gate-tls", "gate svc", "w", "--certificate-for"),
        ("s/gate-tls", "gate.s.svc", None, "--webhook"),
        ("s/gate-tls", "gate.s.svc", "a/b", "--webhook"),
    ],
)
def test_a_certificate_of_gates_own_needs_three_names(
    secret: str | None, name: str | None, webhook: str | None, lacks: str
) -> None:
    with pytest.raises(UsageError) as caught:
        own_names(OwnOptions(secret=secret, certificate_for=name, webhook=webhook))
    assert caught.value.code == "own-certificate-incomplete"
    assert lacks in caught.value.problem


@pytest.mark.parametrize("name", ["gate.gate-system.svc", "127.0.0.1", "fd00::1"])
def test_a_certificate_can_be_for_a_name_or_an_address(name: str) -> None:
    own = OwnOptions(secret="s/gate-tls", certificate_for=name, webhook="w")
    names = own_names(own)
    assert (names.certificate_for, names.secret_path) == (
        name,
        "/api/v1/namespaces/s/secrets/gate-tls",
    )
