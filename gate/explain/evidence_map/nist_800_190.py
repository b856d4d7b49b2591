"""NIST SP 800-190, Application Container Security Guide: the countermeasures of section 4."""

from __future__ import annotations

from typing import Final

from gate.explain.evidence_map.item import REGISTRIES, Framework, FrameworkItem

_ITEMS: Final = (
    ("4.1.1", "Images have no known vulnerabilities.", ("vulnerabilities", "scan-age"), ()),
    ("4.1.2", "Images are configured well.", ("configuration",), ("owasp-2025 K01",)),
    ("4.1.3", "Images hold no malware.", (), ()),
    ("4.1.4", "Images hold no secrets in clear text.", (), ("owasp-2025 K03",)),
    ("4.1.5", "Only trusted images run.", ("signature", "provenance", "pass", REGISTRIES), ()),
    ("4.2.1", "Registries are reached over encrypted connections.", (), ()),
    ("4.2.2", "Old images in registries are not used.", ("digest", "scan-age"), ()),
    ("4.2.3", "Registries know who reads and writes.", (), ()),
    ("4.3.1", "Administrators of the orchestrator have few rights.", (), ("owasp-2025 K02",)),
    ("4.3.2", "Only who is allowed uses the orchestrator.", (), ("owasp-2025 K09",)),
    ("4.3.3", "Traffic between containers is separated.", (), ("owasp-2025 K05",)),
    ("4.3.4", "Workloads of different sensitivity do not share a host.", (), ()),
    ("4.3.5", "The orchestrator trusts its nodes for a reason.", (), ()),
    ("4.4.1", "The container runtime has no known vulnerabilities.", (), ()),
    ("4.4.2", "Containers reach few networks.", (), ("owasp-2025 K05",)),
    ("4.4.3", "Containers run with a safe configuration.", (), ("owasp-2025 K01",)),
    ("4.4.4", "Applications in containers are hard to exploit.", (), ("cis 5.7.2", "cis 5.7.3")),
    ("4.4.5", "Containers that nobody planned do not run.", ("pass", "signature"), ()),
    ("4.5.1", "Hosts offer few surfaces of attack.", (), ()),
    ("4.5.2", "What shares a kernel may share it.", (), ()),
    ("4.5.3", "Hosts have no known vulnerabilities.", (), ()),
    ("4.5.4", "Few people log in to hosts.", (), ()),
    ("4.5.5", "Containers cannot change the files of a host.", (), ("cis 5.2.12",)),
)

FRAMEWORK: Final = Framework(
    name="nist-800-190",
    title="NIST SP 800-190, Application Container Security Guide",
    source="https://csrc.nist.gov/pubs/sp/800/190/final",
    items=tuple(FrameworkItem(*item) for item in _ITEMS),
)
