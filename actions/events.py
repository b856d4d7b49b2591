"""Whether the event that started a job is about a change that nobody merged.

https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gate.documents.strict_json import MalformedJson, read_json

MAX_BYTES: Final = 32 * 1024 * 1024
"""Of an event: GitHub sends none over 25 MB."""
_PULL_REQUEST: Final = "pull_request"
"""How the events begin whose change is not merged, reviews of it among them."""
_FOLLOWS: Final = "workflow_run"


def is_unmerged(environ: Mapping[str, str]) -> bool:
    """Whether it is, also where that is not known of the run that a `workflow_run` follows."""
    event = environ.get("GITHUB_EVENT_NAME", "")
    if event == _FOLLOWS:
        event = _followed(Path(environ.get("GITHUB_EVENT_PATH", "")))
    return event.startswith(_PULL_REQUEST)


def _followed(path: Path) -> str:
    """Return the event of the run that this one follows; that of a pull request if not known."""
    try:
        with path.open("rb") as file:
            said = read_json(file.read(MAX_BYTES + 1), max_bytes=MAX_BYTES)
    except (OSError, MalformedJson):
        return _PULL_REQUEST
    match said:
        case {"workflow_run": {"event": str(event)}} if event and event != _FOLLOWS:
            return event
        case _:
            return _PULL_REQUEST
