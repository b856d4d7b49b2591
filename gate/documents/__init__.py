"""Bytes to plain values: YAML as Kubernetes reads it, and strict JSON.

Bounds are checked before anything is built. No bytes make anything escape from here
but `DocumentError` and `MalformedJson`.
"""

from __future__ import annotations

from gate.documents.strict_json import MalformedJson, read_json
from gate.documents.yaml_limits import MAX_BYTES
from gate.documents.yaml_text import read_yaml

__all__ = ["MAX_BYTES", "MalformedJson", "read_json", "read_yaml"]
