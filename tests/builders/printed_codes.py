"""The codes in what a command printed, whichever of its formats it is in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_FORMS: Final = re.compile(
    r"""^gate:\ [^\n]*\[([a-z0-9-]+)\]$  # an error, on standard error
    | ^\ \ (?:block|warn)\ (?:critical|high|medium|low|unknown)\ ([a-z0-9-]+)  # in a text report
    | ^\ *undecided\ ([a-z0-9-]+)(?:$|\ \ )
    | ^::(?:error|warning)\ [^\n]*\btitle=(?!gate::)([a-z0-9-]+)  # an annotation
    """,
    re.MULTILINE | re.VERBOSE,
)


def printed_codes(text: str) -> set[str]:
    """Return the codes of errors, of findings and of what is undecided."""
    if text.startswith("{"):
        try:
            return set(_codes(json.loads(text)))
        except ValueError:
            return set()
    return {code for found in _FORMS.findall(text) for code in found if code}


def _codes(report: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON value
    if not isinstance(report, dict) or report.get("schema") != "gate/report/v1":
        return
    for part in ("findings", "undecided", "waived"):
        yield from (one["code"] for one in report[part])
    if report["error"]:
        yield report["error"]["code"]
