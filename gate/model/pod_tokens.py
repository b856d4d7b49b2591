"""The volume of a Pod's token, whose name ends at random for each Pod."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.model.expressions import expression

_TOKEN: Final = expression(r"kube-api-access-[a-z0-9]{5}")
_VOLUMES: Final = "volumes"
_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")


def tokens_by_number(spec: object) -> object:
    """Return a Pod's spec, where the volumes of its token are `/token-0`, `/token-1`.

    No other text changes: one that was declared decides, equal to a mount or not. Which mount is
    of which volume stays to be seen.
    """
    if not isinstance(spec, dict):
        return spec
    numbers: dict[str, str] = {}

    def numbered(part: Mapping[str, Any], key: str) -> dict[str, Any]:
        items = part.get(key)
        if not isinstance(items, list):
            return dict(part)
        return {**part, key: [renamed(item) for item in items]}

    def renamed(item: Any) -> Any:  # noqa: ANN401  # any JSON value
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            return item
        return {**item, "name": numbers.setdefault(name, f"/token-{len(numbers)}")}

    found = numbered(spec, _VOLUMES)
    for key in _CONTAINERS:
        items = found.get(key)
        if isinstance(items, list):
            found[key] = [numbered(o, "volumeMounts") if isinstance(o, dict) else o for o in items]
    return found
