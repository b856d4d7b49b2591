"""The Cyber Resilience Act, Regulation (EU) 2024/2847: the requirements of Annex I."""

from __future__ import annotations

from typing import Final

from gate.explain.evidence_map.item import REVOCATIONS, Framework, FrameworkItem

_I: Final = "Annex I, Part I"
_II: Final = "Annex I, Part II"

FRAMEWORK: Final = Framework(
    name="cra",
    title="Cyber Resilience Act, Regulation (EU) 2024/2847, Annex I",
    source="https://eur-lex.europa.eu/eli/reg/2024/2847/oj",
    items=(
        FrameworkItem(f"{_I} (1)", "The product is as secure as its risks demand."),
        FrameworkItem(
            f"{_I} (2)(a)",
            "It is released without known vulnerabilities that can be exploited.",
            ("vulnerabilities", "scan-age"),
        ),
        FrameworkItem(
            f"{_I} (2)(b)", "Its default configuration is secure.", (), ("owasp-2025 K01",)
        ),
        FrameworkItem(f"{_I} (2)(c)", "Vulnerabilities can be mended by updates."),
        FrameworkItem(
            f"{_I} (2)(d)",
            "It is protected from access that is not allowed.",
            (),
            ("owasp-2025 K02",),
        ),
        FrameworkItem(f"{_I} (2)(e)", "Data are kept confidential.", (), ("owasp-2025 K03",)),
        FrameworkItem(
            f"{_I} (2)(f)",
            "Data, commands, programs and configuration keep their integrity.",
            ("signature", "digest", "pass"),
        ),
        FrameworkItem(f"{_I} (2)(g)", "It handles no more data than it needs."),
        FrameworkItem(f"{_I} (2)(h)", "Essential functions stay available."),
        FrameworkItem(f"{_I} (2)(i)", "It does little harm to other services and networks."),
        FrameworkItem(
            f"{_I} (2)(j)",
            "It offers few surfaces of attack.",
            ("configuration",),
            ("owasp-2025 K01", "owasp-2025 K05"),
        ),
        FrameworkItem(
            f"{_I} (2)(k)",
            "An incident does little harm.",
            (),
            ("owasp-2025 K01", "owasp-2025 K05"),
        ),
        FrameworkItem(f"{_I} (2)(l)", "It records what matters to security."),
        FrameworkItem(f"{_I} (2)(m)", "Users can remove their data for good."),
        FrameworkItem(
            f"{_II} (1)",
            "Components and vulnerabilities are known and written down, such as in an SBOM.",
            ("sbom", "vulnerabilities"),
        ),
        FrameworkItem(
            f"{_II} (2)",
            "Vulnerabilities are handled without delay.",
            ("vulnerabilities", "scan-age", REVOCATIONS),
        ),
        FrameworkItem(f"{_II} (3)", "Security is tested and reviewed regularly.", ("scan-age",)),
        FrameworkItem(f"{_II} (4)", "Vulnerabilities that are mended are made public."),
        FrameworkItem(f"{_II} (5)", "There is a policy for coordinated disclosure."),
        FrameworkItem(f"{_II} (6)", "Who finds a vulnerability can report it."),
        FrameworkItem(
            f"{_II} (7)", "Updates are distributed securely.", ("signature", "provenance", "pass")
        ),
        FrameworkItem(f"{_II} (8)", "Updates come without delay, and free of charge."),
    ),
)
