"""Pull secrets: which are read, what of them is used, and what is never done with them."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from gate.admission.pull_logins import PullLogins
from gate.admission.pulls import MOST, PullScope, pull_scope
from gate.admission.request import read_review
from gate.errors import ClusterError
from gate.manifests.stored import stored_object
from tests.builders.admission import deployment, encoded, pinned, pod, request

CANARY: Final = "canary-of-the-password"
HOST: Final = "registry.example"
SHOP: Final = pinned("shop")
SECRETS: Final = "/api/v1/namespaces/shop/secrets"
AUTH: Final = b64encode(f"puller:{CANARY}".encode()).decode()


def secret(content: object, kind: str = "dockerconfigjson") -> dict[str, Any]:
    text = content if isinstance(content, str) else json.dumps(content)
    data = {f".{kind}": b64encode(text.encode()).decode()}
    return {"type": f"kubernetes.io/{kind}", "data": data}


@dataclass
class Cluster:
    """Objects by their paths, and which were asked for."""

    held: dict[str, dict[str, Any]]
    faults: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    logged: list[dict[str, Any]] = field(default_factory=list)

    def get(self, path: str) -> dict[str, Any] | None:
        self.asked.append(path)
        if path in self.faults:
            raise ClusterError(self.faults[path], f"no answer to {path}", remedy="wait")
        return self.held.get(path)

    def close(self) -> None:
        pass

    def password(self, *names: str, account: str = "") -> str | None:
        """Return the password for the image that these secrets give."""
        logins = PullLogins(lambda: self, self.logged.append)
        found = logins.of(PullScope(namespace="shop", secrets=names, account=account))
        login = found.find(HOST, "acme/shop")
        return login.password if login is not None else None


def scope(value: dict[str, Any], *opted_in: str) -> PullScope | None:
    asked = read_review(encoded(request(value)))
    return pull_scope(asked, stored_object(value).objects[0], opted_in)


def test_a_namespace_opts_in_by_its_exact_name() -> None:
    made = pod(SHOP, imagePullSecrets=[{"name": "regcred"}])
    assert scope(made, "shop") == PullScope(namespace="shop", secrets=("regcred",))
    for others in ((), ("sho",), ("shopping", "*"), ("",)):
        assert scope(made, *others) is None


def test_without_secrets_of_its_own_a_pod_has_those_of_its_account() -> None:
    made = deployment(SHOP)
    assert scope(made, "shop") == PullScope(namespace="shop", account="default")
    made["spec"]["template"]["spec"]["serviceAccountName"] = "puller"
    assert scope(made, "shop") == PullScope(namespace="shop", account="puller")


@pytest.mark.parametrize(
    "named",
    [
        [{"name": "../../kube-system/secrets/x"}],
        [{"name": 1}],
        ["x"],
        "x",
        [{"name": "X?y=1"}],
        [{}],
    ],
)
def test_what_is_no_name_of_a_secret_is_never_asked_for(named: object) -> None:
    made = pod(SHOP, imagePullSecrets=named)
    assert scope(made, "shop") == PullScope(namespace="shop", account="default")


def test_no_more_secrets_are_read_than_the_bound() -> None:
    made = pod(SHOP, imagePullSecrets=[{"name": f"s{n}"} for n in range(100)])
    found = scope(made, "shop")
    assert found is not None
    assert len(found.secrets) == MOST
    named = [{"name": f"s{n}"} for n in range(100)]
    path = "/api/v1/namespaces/shop/serviceaccounts/default"
    cluster = Cluster({path: {"imagePullSecrets": named}})
    assert cluster.password(account="default") is None
    assert len(cluster.asked) == MOST + 1


@pytest.mark.parametrize(
    "held",
    [
        secret({"auths": {HOST: {"auth": AUTH}}}),
        secret({"auths": {f"{HOST}/acme": {"username": "puller", "password": CANARY}}}),
        secret({HOST: {"auth": AUTH}}, "dockercfg"),
    ],
)
def test_both_forms_of_a_secret_are_read(held: dict[str, Any]) -> None:
    assert Cluster({f"{SECRETS}/regcred": held}).password("missing", "regcred") == CANARY


@pytest.mark.parametrize(
    "held",
    [
        {**secret({"auths": {HOST: {"auth": AUTH}}}), "type": "Opaque"},
        {"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": "!"}},
        {"type": "kubernetes.io/dockerconfigjson"},
        secret({"credHelpers": {HOST: "shell"}, "credsStore": "shell"}),
        secret({"auths": {f"evil-{HOST}": {"auth": AUTH}}}),
    ],
)
def test_a_secret_without_a_login_for_the_registry_gives_none_and_runs_nothing(
    held: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert Cluster({f"{SECRETS}/regcred": held}).password("regcred") is None


@pytest.mark.parametrize(
    "content", ["{", '{"auths": 1}', f'{{"auths": {{"x": {{"auth": "{CANARY}"}}}}}}']
)
def test_a_secret_that_cannot_be_read_is_told_by_its_name_and_the_next_one_is_used(
    content: str,
) -> None:
    good = secret({"auths": {HOST: {"auth": AUTH}}})
    cluster = Cluster({f"{SECRETS}/odd": secret(content), f"{SECRETS}/regcred": good})
    assert cluster.password("odd", "regcred") == CANARY
    assert all(one["name"] == "odd" for one in cluster.logged)
    assert CANARY not in json.dumps(cluster.logged)


def test_a_secret_that_may_not_be_read_is_left_out_and_an_api_server_that_is_away_is_not() -> None:
    good = secret({"auths": {HOST: {"auth": AUTH}}})
    denied = {f"{SECRETS}/denied": "cluster-object-denied"}
    cluster = Cluster({f"{SECRETS}/regcred": good}, denied)
    assert cluster.password("denied", "regcred") == CANARY
    assert [one["code"] for one in cluster.logged] == ["cluster-object-denied"]
    away = Cluster({f"{SECRETS}/regcred": good}, {f"{SECRETS}/denied": "cluster-unreachable"})
    with pytest.raises(ClusterError):
        away.password("denied", "regcred")


@pytest.mark.parametrize(
    ("spec", "account"),
    [
        ({"serviceAccountName": "a", "serviceAccount": "b"}, "a"),
        ({"serviceAccount": "b"}, "b"),
        ({"serviceAccountName": "", "serviceAccount": "b"}, "b"),
        ({}, "default"),
        ({"serviceAccountName": "../x"}, "default"),
        ({"serviceAccountName": ["a"]}, "default"),
    ],
)
def test_the_account_of_a_pod_is_a_name(spec: dict[str, Any], account: str) -> None:
    assert scope(pod(SHOP, **spec), "shop") == PullScope(namespace="shop", account=account)


def test_of_several_pods_in_one_object_all_secrets_count_and_the_first_account() -> None:
    def template(**spec: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a pod
        return {"template": {"spec": pod(SHOP, **spec)["spec"]}}

    made = {
        "apiVersion": "ops.example.org/v1",
        "kind": "Broker",
        "metadata": {"name": "b", "namespace": "shop"},
        "spec": {
            "a": template(imagePullSecrets=[{"name": "one"}, {"name": "two"}]),
            "b": template(serviceAccountName="first"),
            "c": template(serviceAccountName="second"),
            "d": template(imagePullSecrets=[{"name": "two"}, {"name": "three"}]),
        },
    }
    assert scope(made, "shop") == PullScope(
        namespace="shop", secrets=("one", "two", "three"), account="first"
    )


def test_without_an_account_none_is_asked_for_and_one_that_is_not_there_has_no_secrets() -> None:
    cluster = Cluster({})
    assert cluster.password("regcred") is None
    assert cluster.asked == [f"{SECRETS}/regcred"]
    assert cluster.password(account="gone") is None
    assert cluster.asked[1:] == ["/api/v1/namespaces/shop/serviceaccounts/gone"]


def test_a_secret_that_is_no_base64_gives_no_login() -> None:
    fine = secret({"auths": {HOST: {"auth": AUTH}}})
    odd = {**fine, "data": {k: f"!{text}" for k, text in fine["data"].items()}}
    assert Cluster({f"{SECRETS}/s": fine}).password("s") == CANARY
    assert Cluster({f"{SECRETS}/s": odd}).password("s") is None


def test_what_is_wrong_with_a_secret_is_logged_without_what_it_holds() -> None:
    cluster = Cluster({f"{SECRETS}/s": secret("{")})
    assert cluster.password("s") is None
    (line,) = cluster.logged
    assert (line["event"], line["namespace"], line["name"]) == ("pull-secret-unused", "shop", "s")
    assert line["code"]
