"""What a demand has against a pass: a code, the problem as a sentence, and what to do."""

from __future__ import annotations

from typing import Final

Reason = tuple[str, str, str]

RUN: Final = "run `gate check` again in the pipeline, on exactly what is deployed"
