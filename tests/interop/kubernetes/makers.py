"""Workloads of every kind whose Pods controllers make, and one Pod that nobody makes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SPACE: Final = "exact-door"

MADE: Final = ("web", "data", "each", "once", "old")

MAKERS: Final = Path(__file__).with_name("makers.yaml")

POD: Final = f"""\
---
apiVersion: v1
kind: Pod
metadata: {{name: alone, namespace: {SPACE}}}
spec:
  containers:
    - name: web
      image: ghcr.io/acme/shop:1.0
      livenessProbe: {{httpGet: {{port: 80}}}}
"""
