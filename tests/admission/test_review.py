"""Each field of an AdmissionReview: what of it is read, and for which cause it is refused."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gate.admission.request import (
    MAX_BYTES,
    MAX_DEPTH,
    AdmissionRequest,
    MalformedReviewError,
    Operation,
    is_namespace,
    read_review,
)
from tests.builders.admission import deployment, encoded, pinned, pod, request

FINE: Final = request(deployment(pinned("shop")), user="jane", dryRun=True, subResource="scale")
UID: Final = FINE["request"]["uid"]
KIND: Final = FINE["request"]["kind"]
V1: Final = "admission.k8s.io/v1"
BETA: Final = "admission.k8s.io/v1beta1"
NEXT: Final = "let only the API server ask gate"
VERSIONS: Final = 'let the webhook\'s configuration say `admissionReviewVersions: ["v1"]`'


def changed(**fields: Any) -> bytes:  # noqa: ANN401  # any JSON value
    """Return a good review with fields of its request replaced."""
    return encoded({**FINE, "request": {**FINE["request"], **fields}})


def without(key: str) -> bytes:
    return encoded({**FINE, "request": {k: v for k, v in FINE["request"].items() if k != key}})


def refusal(data: bytes) -> MalformedReviewError:
    with pytest.raises(MalformedReviewError) as caught:
        read_review(data)
    return caught.value


def test_each_field_of_a_request_is_read() -> None:
    assert read_review(encoded(FINE)) == AdmissionRequest(
        uid=UID,
        operation=Operation.CREATE,
        group="apps",
        version="v1",
        kind="Deployment",
        resource="deployments",
        subresource="scale",
        namespace="shop",
        name="web",
        user="jane",
        dry_run=True,
        object=FINE["request"]["object"],
        old=None,
    )


def test_the_version_and_the_name_of_an_object_are_shown_with_what_it_has_of_them() -> None:
    apps, core = read_review(encoded(FINE)), read_review(encoded(request(pod())))
    bare = read_review(changed(namespace="", name=None))
    assert (apps.api_version, core.api_version) == ("apps/v1", "v1")
    assert (str(apps), str(bare)) == ("shop/Deployment/web", "Deployment")


@pytest.mark.parametrize(
    ("said", "read"), [(True, True), (False, False), (None, False), (1, False)]
)
def test_only_true_is_a_dry_run(said: object, read: bool) -> None:  # noqa: FBT001  # what is read
    assert read_review(changed(dryRun=said)).dry_run is read


@pytest.mark.parametrize("key", ["dryRun", "name", "namespace", "subResource", "oldObject"])
def test_what_a_server_may_leave_out_is_empty(key: str) -> None:
    found = read_review(without(key))
    empty = {"dryRun": found.dry_run, "oldObject": found.old}
    texts = {"name": found.name, "namespace": found.namespace, "subResource": found.subresource}
    assert ({**empty, **texts})[key] in ("", False, None)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"operation": "PATCH"}, "the operation 'PATCH' is unknown"),
        ({"operation": 1}, "the operation int is unknown"),
        ({"operation": ["CREATE"]}, "the operation list is unknown"),
        ({"operation": "create"}, "the operation 'create' is unknown"),
        ({"operation": "x" * 99}, f"the operation '{'x' * 79}…' is unknown"),
        ({"kind": None}, "the request has no `kind`"),
        ({"resource": "pods"}, "the request has no `resource`"),
        ({"userInfo": []}, "the request has no `userInfo`"),
        ({"kind": {**KIND, "group": "a b"}}, "`group` of the request is no name: 'a b'"),
        ({"kind": {**KIND, "version": ""}}, "`version` of the request is no name: ''"),
        ({"kind": {**KIND, "version": None}}, "`version` of the request is no name: ''"),
        ({"kind": {**KIND, "kind": ""}}, "`kind` of the request is no name: ''"),
        ({"kind": {**KIND, "kind": "K\n"}}, "`kind` of the request is no name: 'K\\n'"),
        ({"kind": {**KIND, "kind": "K" * 254}}, f"`kind` of the request is no name: '{'K' * 79}…'"),
        ({"resource": {}}, "`resource` of the request is no name: ''"),
        ({"object": []}, "`object` of the request is no object"),
        ({"oldObject": "x"}, "`oldObject` of the request is no object"),
        ({"object": None}, "the request to CREATE has no `object`"),
        ({"operation": "UPDATE", "object": None}, "the request to UPDATE has no `object`"),
        ({"operation": "UPDATE"}, "the request to UPDATE has no `oldObject`"),
        (
            {"namespace": {"a": 1}},
            "`namespace` of the request is no text of at most 512 characters",
        ),
        ({"name": "n" * 513}, "`name` of the request is no text of at most 512 characters"),
        ({"subResource": 1}, "`subResource` of the request is no text of at most 512 characters"),
        (
            {"userInfo": {"username": ["a"]}},
            "`username` of the request is no text of at most 512 characters",
        ),
    ],
)
def test_a_field_that_is_wrong_is_named(fields: dict[str, Any], problem: str) -> None:
    error = refusal(changed(**fields))
    assert (error.code, error.problem, error.remedy, error.uid, error.version) == (
        *("admission-review-malformed", problem, NEXT),
        *(UID, V1),
    )
    assert str(error) == problem


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "n" * 512},
        {"kind": {**KIND, "group": ""}},
        {"kind": {**KIND, "group": None}},
        {"kind": {**KIND, "kind": "K" * 253}},
        {"operation": "DELETE", "object": None},
        {"operation": "CONNECT", "object": None},
        {"operation": "UPDATE", "oldObject": {}},
        {"userInfo": {}},
    ],
)
def test_the_neighbours_of_what_is_wrong_are_read(fields: dict[str, Any]) -> None:
    assert read_review(changed(**fields)).uid == UID


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"[]", "the request has no `request`"),
        (b"{}", "the request has no `request`"),
        (b'{"request": []}', "the request has no `request`"),
        (without("uid"), "the request has no `uid`"),
        (changed(uid=1), "the request has no `uid`"),
        (changed(uid=""), "the request has no `uid`"),
        (changed(uid="-a"), "the request has no `uid`"),
        (changed(uid="a" * 129), "the request has no `uid`"),
    ],
)
def test_what_has_no_uid_cannot_be_answered(data: bytes, problem: str) -> None:
    error = refusal(data)
    assert (error.code, error.problem, error.uid) == ("admission-review-malformed", problem, None)
    assert read_review(changed(uid="a" * 128)).uid == "a" * 128


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "ImageReview"}, f"'{V1}', kind 'ImageReview'"),
        (
            {"apiVersion": "admission.k8s.io/v2"},
            "'admission.k8s.io/v2', kind 'AdmissionReview'",
        ),
        ({"apiVersion": 1, "kind": None}, "int, kind NoneType"),
        ({"apiVersion": BETA, "kind": "X"}, f"'{BETA}', kind 'X'"),
    ],
)
def test_another_version_or_kind_is_refused_in_words_that_name_it(
    fields: dict[str, Any], said: str
) -> None:
    error = refusal(encoded({**FINE, **fields}))
    problem = f"the request is of {said}, and gate reads {V1}, kind 'AdmissionReview'"
    assert (error.code, error.problem, error.remedy, error.uid, error.version) == (
        *("admission-review-version", problem, VERSIONS),
        *(UID, V1),
    )


def test_an_older_version_is_refused_in_itself() -> None:
    error = refusal(encoded({**FINE, "apiVersion": BETA}))
    problem = f"the request is of {BETA}, and gate reads {V1}"
    assert (error.code, error.problem, error.remedy, error.uid, error.version) == (
        *("admission-review-version", problem, VERSIONS),
        *(UID, BETA),
    )


def padded(length: int) -> bytes:
    body = encoded(FINE)
    return body + b" " * (length - len(body))


def test_a_request_is_read_to_the_bound_of_its_bytes() -> None:
    assert read_review(padded(MAX_BYTES)).uid == UID
    error = refusal(padded(MAX_BYTES + 1))
    assert (error.code, error.problem, error.remedy, error.uid) == (
        "admission-review-too-large",
        "the request has more than 3145728 bytes",
        "make the object smaller",
        UID,
    )


def nested(depth: int) -> bytes:
    """Return a good review with a value so many levels deep, which begin at the review itself."""
    deep: Any = []
    for _ in range(depth - 4):
        deep = [deep]
    return changed(options={"a": deep})


def test_a_request_is_read_to_the_bound_of_its_depth() -> None:
    assert read_review(nested(MAX_DEPTH)).uid == UID
    error = refusal(nested(MAX_DEPTH + 1))
    assert (error.code, error.uid) == ("admission-review-malformed", UID)


@pytest.mark.parametrize(
    ("body", "uid"),
    [
        (b'{"request": {"uid": "a-1", ', "a-1"),
        (b'{"request": {"uid"\n:\t"a-1"', "a-1"),
        (b" " * 4085 + b'"uid":"abc"', "abc"),
        (b" " * 4086 + b'"uid":"abc"', None),
        (b'"uid":"a b"', None),
        (b"{", None),
    ],
)
def test_what_cannot_be_read_is_answered_by_the_uid_near_its_beginning(
    body: bytes, uid: str | None
) -> None:
    error = refusal(body)
    assert (error.code, error.uid) == ("admission-review-malformed", uid)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("shop", True),
        ("a", True),
        ("a-1", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("", False),
        ("-a", False),
        ("a-", False),
        ("A", False),
        ("a/b", False),
        ("a\n", False),
    ],
)
def test_a_name_of_a_namespace_is_a_label(name: str, good: bool) -> None:  # noqa: FBT001  # what is said
    assert is_namespace(name) is good
