"""A kubeconfig gives a token or a certificate, and nothing in it is run."""

from __future__ import annotations

import base64
from typing import Any, Final

import pytest
import yaml

from gate.cluster.kubeconfig import MAX_BYTES, ClusterAccess, read_kubeconfig
from gate.errors import UsageError

FILES: Final = {"ca.pem": b"an authority", "token": b"from-a-file\n", "key": b"k", "cert": b"c"}


def kubeconfig(user: object, **cluster: object) -> bytes:
    value = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [
            {"name": "here", "context": {"cluster": "c", "user": "u"}},
            {"name": "there", "context": {"cluster": "other", "user": "u"}},
        ],
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:6443/", **cluster}}],
        "users": [{"name": "u", "user": user}],
    }
    return yaml.safe_dump(value).encode()


def read(data: bytes, context: str | None = None) -> ClusterAccess:
    def file(name: str) -> bytes:
        if name not in FILES:
            raise FileNotFoundError(2, "No such file or directory", name)
        return FILES[name]

    return read_kubeconfig(data, "config", context=context, read=file)


def refused(data: bytes, context: str | None = None) -> tuple[str, str]:
    with pytest.raises(UsageError) as caught:
        read(data, context)
    assert caught.value.remedy
    return caught.value.code, caught.value.problem


def test_a_token_and_an_authority_are_taken() -> None:
    inline = base64.b64encode(b"inline").decode()
    access = read(kubeconfig({"token": "abc"}, **{"certificate-authority-data": inline}))
    assert access == ClusterAccess(
        server="https://127.0.0.1:6443", authority=b"inline", token="abc"
    )
    assert "abc" not in repr(access)


def test_files_that_it_names_are_read() -> None:
    access = read(
        kubeconfig(
            {"tokenFile": "token", "client-certificate": "cert", "client-key": "key"},
            **{"certificate-authority": "ca.pem"},
        )
    )
    assert (access.token, access.authority) == ("from-a-file", b"an authority")
    assert (access.certificate, access.key) == (b"c", b"k")


@pytest.mark.parametrize(
    ("user", "cluster", "said"),
    [
        ({"exec": {"command": "aws"}}, {}, "runs a program to log in (`exec`)"),
        ({"auth-provider": {"name": "gcp"}}, {}, "by a plugin of kubectl (`auth-provider`)"),
        ({"username": "a", "password": "b"}, {}, "logs in by a password (`username`)"),
        ({"token": "t", "as": "root"}, {}, "asks as somebody else (`as`)"),
        ({}, {}, "neither a token nor a certificate"),
        ({"token": "t"}, {"insecure-skip-tls-verify": True}, "does not hold the server"),
        ({"token": "t"}, {"proxy-url": "http://x"}, "names a proxy"),
        ({"token": "t"}, {"server": "http://127.0.0.1"}, "is no https address"),
        ({"token": "t"}, {"server": "https://a:b@c"}, "is no https address"),
        ({"token": "t"}, {"server": "https://[a]:6443"}, "is no https address"),
        ({"token": "t"}, {"server": "https://[::1"}, "is no https address"),
    ],
)
def test_another_way_in_is_refused_by_name(
    user: object, cluster: dict[str, Any], said: str
) -> None:
    code, problem = refused(kubeconfig(user, **cluster))
    assert code == "kubeconfig-unsupported"
    assert said in problem


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not one mapping"),
        (b"[]", "not one mapping"),
        (b"{a: [", ""),
        (b"{}", "no current-context"),
        (b"#" * (MAX_BYTES + 1), ""),
        (kubeconfig({"token": ["t"]}), "`token` of the user is no text"),
        (kubeconfig({"token": "a\nb"}), "`token` of the user is no text"),
        (kubeconfig({"client-certificate-data": "a b"}), "no base64"),
        (kubeconfig({"client-key": "absent"}), "'absent' cannot be read: No such file"),
        (kubeconfig({"client-key": "key"}), "come together"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, said: str) -> None:
    code, problem = refused(data)
    assert code == "kubeconfig-unreadable"
    assert said in problem


def test_a_context_that_is_not_there_is_named() -> None:
    data = kubeconfig({"token": "t"})
    assert refused(data, "gone")[1] == "config: it has no context 'gone'"
    assert refused(data, "there")[1] == "config: it has no cluster 'other'"
