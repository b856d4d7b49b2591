"""Worlds, drawn at random: near ones that are cleared, each with some faults."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from tests.judge.world import (
    HOLDERS,
    PLATFORMS,
    Built,
    Found,
    Image,
    Item,
    Part,
    Said,
    Sbom,
    Scan,
    Vex,
    Waiver,
    World,
)

NAMES: Final = (
    "registry.example/acme/shop",
    "registry.example/acme/cart",
    "registry.example/acme-evil/shop",
    "registry.example/acme/deep/shop",
    "other.example/acme/shop",
)
MATCHES: Final = (
    ("registry.example/acme/shop", "registry.example/acme/*", "registry.example/**", "**"),
    ("registry.example/*/shop", "registry.example/acme/**", "**"),
    ("registry.example/acme/**", "other.example/**"),
    ("**",),
)
ALLOW: Final = ((), (), (), ("registry.example",), ("registry.example/acme", "other.example"))
BUILDERS: Final = ("https://builder.example/1", "https://builder.example/2")
SEVERITIES: Final = ("LOW", "MEDIUM", "HIGH", "CRITICAL", "UNKNOWN")
IDS: Final = ("CVE-2026-1", "CVE-2026-2", "CVE-2026-3")
PACKAGES: Final = (
    "left-pad@1.0.0 MIT",
    "lodash@4.17.21 MIT",
    "event-stream@3.3.6 MIT",
    "mongo@1.0.0 AGPL-3.0-only",
)


@dataclass(frozen=True)
class Drawer:
    """Draws parts of worlds from one source of chance."""

    random: Random

    def world(self) -> World:
        """Draw a world."""
        names = self.random.sample(NAMES, self.random.choice((1, 1, 1, 2, 3)))
        entries = tuple(self._entry(match) for match in self.random.choice(MATCHES))
        images = tuple(self._image(name, entries) for name in names)
        return World(
            images=images,
            entries=entries,
            allow=self.random.choice(ALLOW),
            waivers=tuple(self._waiver(names) for _ in range(self.random.choice((0, 0, 0, 1, 2)))),
            valid_for=self.random.choice((1, 24, 24, 700)),
            bound=self.chance(0.2),
            at=self.random.choice((0, 0, 0, 5, 30, -20)),
        )

    def chance(self, of: float) -> bool:
        """Tell whether something that happens this often happens."""
        return self.random.random() < of

    def _entry(self, match: str) -> dict[str, Any]:
        checks: Mapping[str, Callable[[], dict[str, Any]]] = {
            "signature": dict,
            "sbom": self._sbom_rules,
            "scan-age": self._age_rules,
            "vulnerabilities": self._vulnerability_rules,
            "provenance": self._provenance_rules,
        }
        asked = self.random.sample(sorted(checks), self.random.choice((1, 1, 2, 2, 3, 5)))
        entry: dict[str, Any] = {"match": match}
        for check in asked:
            entry[check] = self._signed_by() | checks[check]()
            if len(entry[check].get("scanners", "of any name")) == 1:
                entry[check].pop("at-least", None)  # a policy may not ask for two of one
        if self.chance(0.1):
            entry["digest"] = "required"
        if self.chance(0.2):
            entry["configuration"] = self._configuration_rules()
        return entry

    def _signed_by(self) -> dict[str, Any]:
        signers = ("build", "build-too", "scanner", "logged", "stamped", "release", "person")
        asked: dict[str, Any] = {"by": self.random.sample(signers, self.random.choice((1, 2, 3)))}
        if self.chance(0.4):
            asked["on"] = self.random.choice(("index", "platforms", "either"))
        return asked | self._least(asked["by"])

    def _least(self, by: list[str]) -> dict[str, int]:
        """Draw how many it takes: never more than there are names, which a policy may not ask."""
        return {"at-least": 2} if len(by) > 1 and self.chance(0.35) else {}

    def _sbom_rules(self) -> dict[str, Any]:
        rules = {
            "forbid-packages": ["pkg:npm/event-stream@3.3.6"],
            "forbid-licenses": ["AGPL-3.0-only"],
            "allow-licenses": ["MIT"],
            "minimum-packages": 2,
            "minimum-elements": "none",
        }
        return {name: rules[name] for name in sorted(rules) if self.chance(0.2)}

    def _age_rules(self) -> dict[str, Any]:
        rules: dict[str, Any] = {"max-age": self.random.choice(("1d", "7d", "30h"))}
        if self.chance(0.3):
            rules["max-database-age"] = self.random.choice(("2d", "3d"))
        if self.chance(0.2):
            rules["scanners"] = self.random.choice((["trivy"], ["trivy", "grype"]))
        return rules

    def _vulnerability_rules(self) -> dict[str, Any]:
        rules: dict[str, Any] = {"fail-on": self.random.choice(("low", "high", "critical"))}
        if self.chance(0.3):
            rules["fail-on-unfixable"] = self.random.choice(("never", "critical", "low"))
        if self.chance(0.2):
            rules["deny"] = [self.random.choice(IDS)]
        if self.chance(0.3):
            rules["grace"] = self.random.choice(("2d", "12h"))
        if self.chance(0.4):
            rules["vex"] = self.random.sample(("build", "scanner", "person"), 2)
        return rules

    def _provenance_rules(self) -> dict[str, Any]:
        rules = {
            "builder": self.random.choice((BUILDERS[0], "https://builder.example/*")),
            "source": "https://github.com/acme/shop",
            "ref": "refs/tags/*",
        }
        return {n: rule for n, rule in rules.items() if n == "builder" or self.chance(0.5)}

    def _configuration_rules(self) -> dict[str, Any]:
        rules: dict[str, Any] = {"user": "not-root"}
        return self.random.choice((rules, {"max-age": "2d"}, {**rules, "max-age": "1d"}))

    def _image(self, name: str, entries: tuple[Mapping[str, Any], ...]) -> Image:
        platforms = self.chance(0.7)
        items = [
            item
            for entry in entries
            for check, params in entry.items()
            if isinstance(params, Mapping) and "by" in params
            for item in self._wanted(check, params, platforms=platforms)
        ]
        items += [
            self.random.choice(_anything()) for _ in range(self.random.choice((0, 0, 1, 2, 4)))
        ]
        self.random.shuffle(items)
        return Image(
            name=name,
            pinned=self.chance(0.5),
            platforms=platforms,
            items=tuple(self._perhaps_changed(item) for item in dict.fromkeys(items[:14])),
            silent=self.chance(0.04),
            unread=self.chance(0.08),
            user=self.random.choice(("65532", "65532", "65532", "0", "", "root")),
            created=self.random.choice((-10, -24, -30, -100, 20)),
            unread_configuration=self.chance(0.03),
        )

    def _wanted(self, check: str, params: Mapping[str, Any], *, platforms: bool) -> list[Item]:
        """Draw what may be enough for a check."""
        on = params.get("on", self.random.choice(("index", "platforms")))
        every = on == "platforms" or (on == "either" and self.chance(0.4))
        parts: tuple[Part, ...] = PLATFORMS if platforms and every else ("index",)
        return [
            self._signed(SIGNED_AS[signer], part, self._good(check, params))
            for signer in params["by"]
            for part in parts
        ]

    def _signed(self, by: str, about: Part, said: Said) -> Item:
        latest = said.finished if isinstance(said, Scan) else -40
        timed = not HOLDERS[by].key or by == "key 3" or self.chance(0.3)
        clock = self.random.choice(("log", "log", "authority")) if HOLDERS[by].key else "log"
        at = self.random.choice((latest, latest + 1)) if timed else None
        return Item(by=by, about=about, said=said, signed=at, clock=clock)  # type: ignore[arg-type]  # one of both

    def _good(self, check: str, params: Mapping[str, Any]) -> Said:
        match check:
            case "sbom":
                packages = PACKAGES[: self.random.choice((1, 2, 2))]
                return Sbom(made=self.random.choice((-50, -41)), packages=packages)
            case "scan-age" | "vulnerabilities":
                return self.random.choice(_clean_scans())
            case "provenance":
                builder = params.get("builder", BUILDERS[0])
                return Built(builder.replace("*", self.random.choice("12")))
            case _:
                return None

    def scan(self, found: tuple[Found, ...]) -> Scan:
        finished = self.random.choice((-2, -3, -20, -23, -25, -47, -90, -200, 3))
        made = Scan(
            finished=finished,
            reported=self.random.choice((None, finished, finished - 1, finished - 30)),
            database=self.random.choice((None, finished - 5, finished - 60)),
            scanner=self.random.choice(("trivy", "trivy", "grype")),
            found=found,
        )
        # Grype's reports have no dates of publication.
        dateless = tuple(replace(one, published=None) for one in made.found)
        return replace(made, found=dateless) if made.scanner == "grype" else made

    def found(self) -> Found:
        return Found(
            self.random.choice(IDS),
            self.random.choice(SEVERITIES),
            fixed=self.chance(0.6),
            published=self.random.choice((None, -5, -30, -400)),
        )

    def anything(self) -> Item:
        """Draw something that nobody asked for, or that says something bad."""
        said: Said = self.random.choice(
            (
                None,
                Sbom(made=-50, packages=tuple(self.random.sample(PACKAGES, 2))),
                Sbom(made=self.random.choice((None, 9)), tool=self.chance(0.5)),
                Sbom(made=-50, readable=False),
                self.random.choice(_other_scans()),
                self.random.choice(_other_scans()),
                self.random.choice(_other_scans()),
                self._vex(),
                self._vex(),
                Built(self.random.choice(("https://evil.example", *BUILDERS)), ref="refs/heads/x"),
            )
        )
        by = self.random.choice((*HOLDERS, "key 1", "key 2", "key 1", "key 2", "person"))
        about: Part = self.random.choice(("index", "index", "amd64", "arm64", "other"))
        return self._signed(by, about, said)

    def _vex(self) -> Vex:
        return Vex(
            made=self.random.choice((-45, -60, 4)),
            id=self.random.choice(IDS),
            status=self.random.choice(
                ("fixed", "not_affected", "not_affected", "affected", "under_investigation")
            ),
            about=self.random.choice(("index", "index", "amd64", "other")),
            readable=self.chance(0.9),
        )

    def _perhaps_changed(self, item: Item) -> Item:
        if self.chance(0.93):
            return item
        if HOLDERS[item.by].key and self.chance(0.3):
            return replace(item, signed=self.random.choice((None, 8)))
        other: Part = self.random.choice(("index", "amd64", "other"))
        return self.random.choice(
            (
                replace(item, broken="signature"),
                replace(item, broken="payload-type"),
                replace(item, broken="predicate-type"),
                replace(item, about=other),
                replace(item, by=self.random.choice([h for h in HOLDERS if _alike(h, item.by)])),
            )
        )

    def _waiver(self, names: list[str]) -> Waiver:
        return Waiver(
            check="vulnerabilities",
            finding=self.random.choice(IDS),
            image=self.random.choice(names),
            pinned=self.chance(0.4),
            last_day=self.random.choice((-2, 0, 1, 20, 400)),
        )


@functools.cache
def _clean_scans() -> tuple[Scan, ...]:
    """Draw some scans once: many worlds share them, so that each is signed once."""
    drawer = Drawer(Random(1))  # noqa: S311  # scans, and no secrets
    return tuple(drawer.scan(found=()) for _ in range(30))


@functools.cache
def _other_scans() -> tuple[Scan, ...]:
    """Draw some scans that found something, and some that say nothing, once."""
    drawer = Drawer(Random(2))  # noqa: S311  # likewise
    found = [drawer.scan(found=(drawer.found(),)) for _ in range(60)]
    found += [drawer.scan(found=(drawer.found(), drawer.found())) for _ in range(40)]
    found += [replace(drawer.scan(found=()), form="no-scan", reported=None) for _ in range(10)]
    trivy = [replace(drawer.scan(found=()), scanner="trivy") for _ in range(10)]
    return (*found, *(replace(one, form="nothing-scanned") for one in trivy))


@functools.cache
def _anything() -> tuple[Item, ...]:
    """Draw what nobody asked for, once."""
    drawer = Drawer(Random(3))  # noqa: S311  # likewise
    return tuple(drawer.anything() for _ in range(500))


SIGNED_AS: Final[Mapping[str, str]] = {
    "build": "key 1",
    "build-too": "key 1",
    "scanner": "key 2",
    "logged": "key 3",
    "stamped": "key 2",
    "release": "tag",
    "person": "person",
}
"""Who may sign for each signer of the policies."""


def _alike(one: str, other: str) -> bool:
    """Tell whether both sign with bare keys, or neither: their signatures have the same form."""
    return bool(HOLDERS[one].key) == bool(HOLDERS[other].key)
