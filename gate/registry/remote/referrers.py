"""The referrers API: whether a registry has it, what it lists, and where the list goes on.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
"""

from __future__ import annotations

import re
from typing import Final

from gate.errors import RegistryError
from gate.model.expressions import expression
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.http.question import HttpAnswer
from gate.registry.http.status import OK
from gate.registry.http.url import Url
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import OCI_INDEX, ImageIndex, parse_manifest
from gate.registry.wire import error_codes

_LINK: Final = expression(r'<([^<>]*)>\s*;\s*rel="?next"?\s*(?:[;,]|$)', re.IGNORECASE)
_UNSUPPORTED: Final = frozenset((400, 404, 405, 406, 501))
"""How registries without the referrers API answer it."""


def lacks_referrers(answer: HttpAnswer) -> bool:
    """Whether the answer to a first question is that of a registry without the API."""
    if answer.status == OK:
        served = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        return served != OCI_INDEX
    unknown_name = "NAME_UNKNOWN" in error_codes(answer.content)
    return answer.status in _UNSUPPORTED and not unknown_name


def parse_page(answer: HttpAnswer, *, what: str, bounds: Bounds) -> tuple[Descriptor, ...]:
    """Read the entries of one page; `what` says of what, for people. Raises RegistryError."""
    index = parse_manifest(answer.content, content_type=OCI_INDEX, what=what, bounds=bounds)
    return index.manifests if isinstance(index, ImageIndex) else ()


def next_page(answer: HttpAnswer, asked: Url, *, host: str) -> Url | None:
    """Return the next page, which is where the first was asked for. Raises RegistryError.

    `host` is what to call that place in a message.
    """
    header = answer.headers.get("link")
    if header is None:
        return None
    form = _LINK.match(header)
    target = answer.url.join(form[1]) if form else None
    if target is None or target.origin != asked.origin:
        raise RegistryError(
            Code.REDIRECT_REFUSED,
            f"{host} continues its list of referrers at another place",
            remedy="Look at the registry, or the proxy before it, that writes Link headers.",
        )
    return target
