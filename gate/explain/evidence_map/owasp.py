"""OWASP Kubernetes Top Ten, 2025."""

from __future__ import annotations

from typing import Final

from gate.explain.evidence_map.item import REGISTRIES, Framework, FrameworkItem

_ITEMS: Final = (
    ("K01", "Workloads are configured in an unsafe way.", ("configuration",)),
    ("K02", "Subjects are allowed more than they need.", ()),
    ("K03", "Secrets are not kept safe.", ()),
    ("K04", "Nothing in the cluster enforces policies.", ("signature", "pass", REGISTRIES)),
    ("K05", "Networks of workloads are not separated.", ()),
    ("K06", "Parts of Kubernetes can be reached by too many.", ()),
    (
        "K07",
        "Parts of the cluster are misconfigured or have known vulnerabilities.",
        ("vulnerabilities", "scan-age"),
    ),
    ("K08", "An attacker can move from the cluster to the cloud account.", ()),
    ("K09", "Logins are weak or broken.", ()),
    ("K10", "Too little is logged and watched.", ()),
)

FRAMEWORK: Final = Framework(
    name="owasp",
    title="OWASP Kubernetes Top Ten, 2025",
    source="https://owasp.org/www-project-kubernetes-top-ten/",
    items=tuple(
        FrameworkItem(identifier, text, checks, (f"owasp-2025 {identifier}",))
        for identifier, text, checks in _ITEMS
    ),
)
