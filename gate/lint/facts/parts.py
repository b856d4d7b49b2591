"""What may be said of pods and containers that something else completes.

A step of a workflow or a patch of an operator's pod leaves out what is set elsewhere. So a
finding about a field that such a part does not write says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gate.lint.facts.view import Pod
from gate.model.document import Key, Path


class Parts:
    """The pods and containers of one object, of which some are parts."""

    def __init__(self, held: Sequence[Pod]) -> None:
        """Note which are parts."""
        self._whole: dict[Path, tuple[bool, dict[str, Any]]] = {}
        if all(p.whole and all(c.whole for c in p.containers) for p in held):
            return
        for pod in held:
            self._whole[pod.path] = pod.whole, pod.value
        for container in (c for p in held for c in p.containers):
            self._whole[container.path] = container.whole, container.value

    def keeps(self, path: Path) -> bool:
        """Whether a finding at a field is about something that is written, or inside a whole.

        Inside a part, the field is there, or an item of a list that it belongs to is there.
        Example: of `steps[0]`, a finding at `securityContext.privileged` counts where that is
        set, and one at `volumeMounts[1].readOnly` counts where there is such a mount.
        """
        for length in range(len(path), -1, -1) if self._whole else ():
            found = self._whole.get(path[:length])
            if found is not None:
                whole, value = found
                return whole or _is_written(value, path[length:])
        return True


def _is_written(value: object, path: tuple[Key, ...]) -> bool:
    in_list = False
    for key in path:
        if isinstance(key, int):
            if not isinstance(value, list) or key >= len(value):
                return in_list
            value, in_list = value[key], True
        elif isinstance(value, dict) and value.get(key) is not None:
            value = value[key]
        else:
            return in_list
    return bool(path)
