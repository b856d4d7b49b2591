"""NIST SP 800-218, Secure Software Development Framework 1.1: its tasks."""

from __future__ import annotations

from typing import Final

from gate.explain.evidence_map.item import PASSES, REGISTRIES, Framework, FrameworkItem

_TEXTS: Final = {
    "PO.1.1": "Security requirements for the development infrastructure are known and kept.",
    "PO.1.2": "Security requirements for the software are known and kept.",
    "PO.1.3": "Suppliers of components are told the requirements.",
    "PO.2.1": "Everybody in the development has a role, and knows it.",
    "PO.2.2": "People are trained for their role.",
    "PO.2.3": "The management supports secure development.",
    "PO.3.1": "It is decided which tools the tool chain has.",
    "PO.3.2": "Tools are deployed and run securely.",
    "PO.3.3": "Tools leave records that show secure development.",
    "PO.4.1": "There are criteria for checks of security, in each phase.",
    "PO.4.2": "What is needed to check the criteria is gathered and kept safe.",
    "PO.5.1": "Environments of development are separated and protected.",
    "PO.5.2": "Machines of developers are hardened.",
    "PS.1.1": "All forms of code are kept by least privilege.",
    "PS.2.1": "Who acquires the software can verify its integrity.",
    "PS.3.1": "What is needed of each release is archived.",
    "PS.3.2": "Provenance of all components is kept and shared, such as in an SBOM.",
    "PW.1.1": "Risks are modelled while the software is designed.",
    "PW.1.2": "Requirements, risks and decisions of the design are recorded.",
    "PW.1.3": "Standard features of security are used and not made anew.",
    "PW.2.1": "The design is reviewed against the requirements.",
    "PW.4.1": "Components of others are chosen that are well secured.",
    "PW.4.2": "Components are made well secured where none can be acquired.",
    "PW.4.4": "Components are verified to meet the requirements, for as long as they are used.",
    "PW.5.1": "Source code is written by secure practices.",
    "PW.6.1": "Compilers, interpreters and build tools have features of security.",
    "PW.6.2": "These features are configured, and the configuration is used.",
    "PW.7.1": "It is decided where code is reviewed and where it is analysed.",
    "PW.7.2": "Code is reviewed or analysed, and what is found is handled.",
    "PW.8.1": "It is decided whether executable code is tested.",
    "PW.8.2": "Tests of executable code are designed, run and recorded.",
    "PW.9.1": "There is a secure baseline of settings.",
    "PW.9.2": "Default settings are secure, and described.",
    "RV.1.1": "Vulnerabilities in the software and its components are looked for.",
    "RV.1.2": "The code is looked at for vulnerabilities that are not known yet.",
    "RV.1.3": "There is a policy for disclosure and repair.",
    "RV.2.1": "Each vulnerability is analysed, so that its risk is known.",
    "RV.2.2": "For each vulnerability a response is planned and made.",
    "RV.3.1": "The root causes of vulnerabilities are found.",
    "RV.3.2": "Patterns among root causes are found over time.",
    "RV.3.3": "The software is looked at for other cases of the same kind.",
    "RV.3.4": "The process is changed so that the root cause does not return.",
}
_CHECKS: Final = {
    "PO.3.3": ("provenance", "layout", PASSES),
    "PO.4.1": ("vulnerabilities", "scan-age", PASSES),
    "PO.4.2": ("pass", PASSES),
    "PS.2.1": ("signature", "digest", "pass"),
    "PS.3.2": ("sbom", "provenance"),
    "PW.4.1": (REGISTRIES, "sbom"),
    "PW.4.4": ("sbom", "vulnerabilities", "scan-age", "signature"),
    "RV.1.1": ("vulnerabilities", "scan-age"),
}
_TAGS: Final = {"PW.9.1": ("owasp-2025 K01",), "PW.9.2": ("owasp-2025 K01",)}

FRAMEWORK: Final = Framework(
    name="ssdf",
    title="NIST SP 800-218, Secure Software Development Framework 1.1",
    source="https://csrc.nist.gov/pubs/sp/800/218/final",
    items=tuple(
        FrameworkItem(key, text, _CHECKS.get(key, ()), _TAGS.get(key, ()))
        for key, text in _TEXTS.items()
    ),
)
