"""Texts of definitions, leases, requests and volumes: which values the API server takes.

Each function returns what its kind in `gate.lint.kubernetes.formats` returns.
"""

from __future__ import annotations

import re
from typing import Any, Final

from gate.lint.kubernetes.formats import (
    Format,
    is_qualified,
    is_subdomain,
    label_from_letter,
    moment,
)
from gate.model.expressions import expression

_MICROS: Final = expression(r"[^.,]{1,64}[.,]\d{6}(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_TARGET: Final = expression(
    r"iqn\.\d{4}-\d\d\.[a-z0-9]+(?:[-.][a-z0-9]+)*(?::[^,;*&$|\s]+)?"
    r"|eui\.[0-9a-fA-F]{16}|naa\.[0-9a-fA-F]{32}",
    re.ASCII,
)
_HAS: Final = ("cpu", "memory", "ephemeral-storage")
_LONGEST: Final = 4096


def label_from_letter_of_any_case(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a kind: a label that begins with a letter, with capitals."""
    wrong = isinstance(value, str) and label_from_letter(value.lower())
    return (
        "at most 63 letters, digits and '-', with a letter at the start and no '-' at the end"
        if wrong
        else None
    )


def json_path(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the path of a field, of which only the beginning is looked at."""
    wrong = isinstance(value, str) and value and value[0] != "."
    return "a path that begins with '.', such as .spec.replicas" if wrong else None


def path_below(*tops: str) -> Format:
    """Return a format that holds the path of a field below one of some."""
    must = f"a path that begins with {' or '.join(tops)}"

    def format_(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
        return must if isinstance(value, str) and value and not value.startswith(tops) else None

    return format_


def group_version(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the version of an API, with its group."""
    if not isinstance(value, str) or not value:
        return None
    group, slash, version = value.rpartition("/")
    plain = version and label_from_letter(version) is None
    fits = plain and (is_subdomain(group) if slash else True)
    return None if fits else "a version such as v1, or a group and a version such as apps/v1"


def container_resource(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of what a container has, or one behind a domain."""
    if not isinstance(value, str) or not value or value in _HAS:
        return None
    fits = is_qualified(value) and ("/" in value or value.startswith("hugepages-"))
    return None if fits else f"{', '.join(_HAS)}, or a resource behind a domain"


def qualified_target(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a target of iSCSI (RFC 3720)."""
    if not isinstance(value, str) or not value or len(value) > _LONGEST:
        return None
    return None if _TARGET.fullmatch(value) else "the name of a target: iqn.…, eui.… or naa.…"


def signer_name(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a signer: a domain with two parts, '/' and a path.

    >>> signer_name("acme.example/signer"), bool(signer_name("acme/signer"))
    (None, True)
    """
    if not isinstance(value, str) or not value:
        return None
    domain, slash, path = value.partition("/")
    fits = slash and "." in domain and is_subdomain(domain) and is_subdomain(path)
    return None if fits else "a domain and a path, such as acme.example/signer"


def moment_of_micros(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a time of RFC 3339 with six digits behind its seconds."""
    if not isinstance(value, str):
        return None
    fits = value and moment(value) is None and _MICROS.fullmatch(value)
    return None if fits else "a time such as 2026-01-31T08:00:00.000000Z"


def webhook_path(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the path of a webhook's Service: segments that are names in lower case."""
    if not isinstance(value, str) or value in ("", "/"):
        return None
    fits = value[0] == "/" and all(
        is_subdomain(part) for part in value[1:].removesuffix("/").split("/")
    )
    return None if fits else "a path such as /validate, in lower case letters, digits, '-' and '.'"


def webhook_name(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a webhook: a domain with three parts."""
    wrong = isinstance(value, str) and value and value.count(".") < 2  # noqa: PLR2004  # three parts
    return "a domain with three parts or more, such as a.acme.example" if wrong else None


def webhook_address(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the address of a webhook out of the cluster."""
    if not isinstance(value, str):
        return None
    scheme, found, rest = value.partition("://")
    host, _, path = rest.partition("/")
    fits = found and scheme.lower() == "https" and host and "@" not in host
    fits = fits and not {"?", "#"} & set(host + path)
    return None if fits else "an address such as https://hooks.acme.example/validate"


def words_of_letters(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a text that is more than white space, where it is there."""
    return "set" if isinstance(value, str) and value and not value.strip() else None
