"""Which tools write their vulnerability scans as SARIF, and what they mean by it.

SARIF says what a tool found, and not what it looked for: Checkov, Semgrep and Hadolint write it
too. So a run counts as a vulnerability scan only where its driver is in this table, by its whole
name. To add one: a line in DRIVERS, and in `tools` what a policy calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gate.model.predicates import Doubt, Rating
from gate.model.records import dataclass
from gate.predicates.scanners.report import word, words
from gate.predicates.scanners.tools import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What the SARIF of one tool says."""

    warning: Rating | None = None
    """The severity that its level `warning` means, where it means one.

    `error` means high and critical alike, and `note`, of rm3l's converter, also for unknown.
    """
    modes: bool = False
    """Whether the same name is on scans for other things than vulnerabilities."""
    shows_nothing: str = ""
    """Which report shows what was looked at, where an empty SARIF of the tool does not."""


_PLAIN: Final = Driver()
DRIVERS: Final[Mapping[str, Driver]] = {
    "trivy": Driver(modes=True, shows_nothing="`trivy image --format json`"),
    "grype": _PLAIN,
    "snyk container": Driver(warning=Rating.MEDIUM),
    "snyk open source": Driver(warning=Rating.MEDIUM),
    "osv scanner": Driver(
        shows_nothing="`osv-scanner scan image --all-packages --format json`",
    ),
    "govulncheck": _PLAIN,
    "docker scout": _PLAIN,
    "roxctl": _PLAIN,
    "anchore": _PLAIN,
    "anchorectl": _PLAIN,
    "anchore enterprise": _PLAIN,
    "clair": _PLAIN,
    "clair v4": _PLAIN,
    "twistcli": _PLAIN,
    "twistlock": _PLAIN,
    "prisma cloud": _PLAIN,
    "prisma cloud twistcli": _PLAIN,
    "sysdig cli scanner": _PLAIN,
    "jfrog xray": _PLAIN,
    "jfrog xray scanner": _PLAIN,
    "dependency check": _PLAIN,
    "container scan": Driver(warning=Rating.MEDIUM),
    "azure container scan": Driver(warning=Rating.MEDIUM),
}
"""By the driver's name in words: `Prisma Cloud (twistcli)` is `prisma cloud twistcli`."""


def driver_of(name: str) -> Driver | None:
    """Return what is known of a driver; None where it is no vulnerability scanner known."""
    return DRIVERS.get(words_of(name))


def doubt_about(
    name: str, run: Mapping[str, Any], rules: Iterable[Mapping[str, Any]]
) -> Doubt | None:
    """Return why a run of a driver does not show a vulnerability scan; None where it does."""
    driver = driver_of(name)
    if driver is None:
        return Doubt(
            why=f"holds SARIF by {name or 'an unnamed tool'}, which is no vulnerability scanner "
            "that gate knows",
            remedy="attest the report of a vulnerability scanner, in a form that "
            "`docs/evidence.md` lists as read",
        )
    if run.get("results"):
        shown = not driver.modes or any(map(_is_vulnerability, rules))
    else:
        shown = _names_image(run) if driver.modes else not driver.shows_nothing
    if shown:
        return None
    return Doubt(
        why=f"holds SARIF by {name} that does not show that packages were looked at",
        remedy=f"attest the report of {driver.shows_nothing}, which shows it",
    )


def _is_vulnerability(rule: Mapping[str, Any]) -> bool:
    """Whether a rule of Trivy's is a vulnerability, and no secret, licence or setting."""
    properties = rule.get("properties")
    tags = words(properties.get("tags")) if isinstance(properties, dict) else ()
    return word(rule.get("name")).endswith("PackageVulnerability") or "vulnerability" in tags


def _names_image(run: Mapping[str, Any]) -> bool:
    """Whether a run says that an image was looked at, as Trivy does of one."""
    properties = run.get("properties")
    return isinstance(properties, dict) and not properties.keys().isdisjoint(
        {"imageName", "imageID", "repoDigests"}
    )
