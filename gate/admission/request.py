"""One AdmissionReview of an API server, read strictly.

https://kubernetes.io/docs/reference/config-api/apiserver-admission.v1/
"""

from __future__ import annotations

import enum
import re
from typing import Any, Final

from gate.documents import MalformedJson, read_json
from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.model.words import clipped

MAX_BYTES: Final = 3 * 1024 * 1024
"""The longest request that is read, as the API server bounds what it takes itself."""
MAX_DEPTH: Final = 100
GROUP: Final = "admission.k8s.io"
V1: Final = f"{GROUP}/v1"
_V1BETA1: Final = f"{GROUP}/v1beta1"
_UID: Final = expression(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", re.ASCII)
_NAME: Final = expression(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", re.ASCII)
_LONGEST_NAME: Final = 512
_NAMESPACE: Final = expression(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


class Operation(enum.StrEnum):
    """What is done to the object."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    CONNECT = "CONNECT"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionRequest:
    """A well-formed request."""

    uid: str
    operation: Operation
    group: str
    """Of the object; empty for the core group."""
    version: str
    kind: str
    resource: str
    """In the plural: `pods`."""
    subresource: str
    """`ephemeralcontainers`; empty for the object itself."""
    namespace: str
    """Empty for what has none."""
    name: str
    """Empty where the API server makes one."""
    user: str
    """Who asks, as the API server authenticated it."""
    dry_run: bool
    object: dict[str, Any] | None
    """As it is about to be stored. Never None for CREATE and UPDATE."""
    old: dict[str, Any] | None
    """As it is stored. Never None for UPDATE."""

    @property
    def api_version(self) -> str:
        """`apps/v1`, or `v1` of the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def __str__(self) -> str:
        """Return `namespace/Kind/name`."""
        return "/".join(filter(None, (self.namespace, self.kind, self.name)))


def is_namespace(name: str) -> bool:
    """Whether a text is the name of a namespace, such as `shop`, and can be a part of a path."""
    return bool(_NAMESPACE.fullmatch(name))


class MalformedReviewError(Exception):
    """A request that cannot be judged, with all that an answer to it needs."""

    def __init__(
        self, code: str, problem: str, remedy: str, *, uid: str | None = None, version: str = V1
    ) -> None:
        """Take the code, the cause and the next step; the uid where one could be read."""
        super().__init__(problem)
        self.code = code
        self.problem = problem
        self.remedy = remedy
        self.uid = uid
        self.version = version


_CALLER: Final = "let only the API server ask gate"


def read_review(data: bytes) -> AdmissionRequest:
    """Read a request. Raises MalformedReviewError and nothing else.

    For example `{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request":
    {"uid": "…", "operation": "DELETE", …}}`. Unknown fields are left alone: newer servers
    send more. A number that no double holds, a repeated key and anything nested over
    `MAX_DEPTH` are refused.
    """
    if len(data) > MAX_BYTES:
        problem = f"the request has more than {MAX_BYTES} bytes"
        raise MalformedReviewError(
            "admission-review-too-large", problem, "make the object smaller", uid=_hinted(data)
        )
    try:
        value = read_json(data, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH)
    except MalformedJson as error:
        raise _malformed(f"the request cannot be read: {error}", uid=_hinted(data)) from None
    return _review(value)


def _review(value: Any) -> AdmissionRequest:  # noqa: ANN401  # any JSON value
    request = value.get("request") if isinstance(value, dict) else None
    if not isinstance(request, dict):
        raise _malformed("the request has no `request`")
    uid = request.get("uid")
    if not isinstance(uid, str) or not _UID.fullmatch(uid):
        raise _malformed("the request has no `uid`")
    version = value.get("apiVersion")
    if value.get("kind") != "AdmissionReview" or version not in (V1, _V1BETA1):
        said = f"{_shown(version)}, kind {_shown(value.get('kind'))}"
        raise MalformedReviewError(
            "admission-review-version",
            f"the request is of {said}, and gate reads {V1}, kind 'AdmissionReview'",
            'let the webhook\'s configuration say `admissionReviewVersions: ["v1"]`',
            uid=uid,
        )
    if version != V1:
        raise MalformedReviewError(
            "admission-review-version",
            f"the request is of {version}, and gate reads {V1}",
            'let the webhook\'s configuration say `admissionReviewVersions: ["v1"]`',
            uid=uid,
            version=version,
        )
    try:
        return _request(request, uid)
    except ValueError as error:
        raise _malformed(str(error), uid=uid) from None


def _request(request: dict[str, Any], uid: str) -> AdmissionRequest:
    said = request.get("operation")
    if not isinstance(said, str) or said not in Operation.__members__:
        msg = f"the operation {_shown(said)} is unknown"
        raise ValueError(msg)
    operation = Operation(said)
    kind = _mapping(request, "kind")
    resource = _mapping(request, "resource")
    user = _mapping(request, "userInfo")
    found = AdmissionRequest(
        uid=uid,
        operation=operation,
        group=_name(kind, "group", empty=True),
        version=_name(kind, "version"),
        kind=_name(kind, "kind"),
        resource=_name(resource, "resource"),
        subresource=_text(request, "subResource"),
        namespace=_text(request, "namespace"),
        name=_text(request, "name"),
        user=_text(user, "username"),
        dry_run=request.get("dryRun") is True,
        object=_object(request, "object"),
        old=_object(request, "oldObject"),
    )
    if operation in (Operation.CREATE, Operation.UPDATE) and found.object is None:
        msg = f"the request to {operation} has no `object`"
        raise ValueError(msg)
    if operation is Operation.UPDATE and found.old is None:
        msg = "the request to UPDATE has no `oldObject`"
        raise ValueError(msg)
    return found


def _mapping(request: dict[str, Any], key: str) -> dict[str, Any]:
    found = request.get(key)
    if not isinstance(found, dict):
        msg = f"the request has no `{key}`"
        raise ValueError(msg)  # noqa: TRY004  # one kind of error for every malformed request
    return found


def _object(request: dict[str, Any], key: str) -> dict[str, Any] | None:
    found = request.get(key)
    if found is not None and not isinstance(found, dict):
        msg = f"`{key}` of the request is no object"
        raise ValueError(msg)
    return found


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > _LONGEST_NAME:
        msg = f"`{key}` of the request is no text of at most {_LONGEST_NAME} characters"
        raise ValueError(msg)
    return found


def _name(value: dict[str, Any], key: str, *, empty: bool = False) -> str:
    found = _text(value, key)
    if not _NAME.fullmatch(found) and not (empty and not found):
        msg = f"`{key}` of the request is no name: {_shown(found)}"
        raise ValueError(msg)
    return found


def _shown(value: object) -> str:
    return repr(clipped(value, 80)) if isinstance(value, str) else type(value).__name__


def _malformed(problem: str, *, uid: str | None = None) -> MalformedReviewError:
    return MalformedReviewError("admission-review-malformed", problem, _CALLER, uid=uid)


_HINT: Final = expression(rb'"uid"\s*:\s*"([A-Za-z0-9][A-Za-z0-9._:-]{0,127})"')
_HINTED_BYTES: Final = 4_096


def _hinted(data: bytes) -> str | None:
    """Return what comes first where the API server writes the request's uid.

    Of bytes that are not read: so that the refusal arrives as an answer. The API server takes an
    answer only where the uid is that of its request, so a wrong one is refused there.
    """
    found = _HINT.search(data[:_HINTED_BYTES])
    return found[1].decode("ascii") if found else None
