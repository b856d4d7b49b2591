from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from gate.checks.configuration import CHECK, ConfigurationParams
from gate.model.clock import TOLERANCE
from gate.model.evidence import ImageEvidence
from gate.model.image import (
    Digest,
    ImageReference,
    Platform,
    PlatformManifest,
    ResolvedImage,
)
from gate.model.image_configuration import ImageConfiguration
from gate.model.release import Release
from gate.model.verdict import Failed, Outcome, Passed, Undecided
from tests.builders.configuration import GOOD
from tests.checks.given import AMD64, ARM64, INDEX, NOW, asked

EVERYTHING: dict[str, Any] = {
    "user": "not-root",
    "secrets": "forbid",
    "ports": [8080],
    "entrypoint": "required",
    "labels": {"org.opencontainers.image.source": "https://github.com/acme/shop"},
    "max_age": "7d",
}


def evidence(
    *configurations: ImageConfiguration, platforms: tuple[PlatformManifest, ...] = ()
) -> ImageEvidence:
    image = ResolvedImage(ImageReference.parse("ghcr.io/acme/shop:1.0"), INDEX, platforms)
    return ImageEvidence(image, Release((), (), INDEX), configurations=configurations)


def judged(configuration: ImageConfiguration, **demands: Any) -> Outcome:  # noqa: ANN401  # as a policy writes
    return CHECK.run(evidence(configuration), asked(ConfigurationParams, **demands), NOW)


def findings(outcome: Outcome) -> list[tuple[str, str]]:
    assert isinstance(outcome, Failed)
    return [(finding.code, finding.id) for finding in outcome.findings]


def test_an_image_that_shows_all_that_is_asked_passes() -> None:
    assert judged(GOOD, **EVERYTHING) == Passed(until=NOW + timedelta(days=4))


@pytest.mark.parametrize(
    ("key", "broken", "code", "name"),
    [
        ("user", replace(GOOD, user=""), "configuration-user-root", ""),
        (
            "secrets",
            replace(GOOD, environment=(("DB_PASSWORD", "x"),)),
            "configuration-secret",
            "DB_PASSWORD",
        ),
        ("ports", replace(GOOD, ports=("22/tcp", "8080/tcp")), "configuration-port", "22/tcp"),
        ("entrypoint", replace(GOOD, entrypoint=()), "configuration-entrypoint-missing", ""),
        (
            "labels",
            replace(GOOD, labels={}),
            "configuration-label",
            "org.opencontainers.image.source",
        ),
        ("max_age", replace(GOOD, created=NOW - timedelta(days=8)), "configuration-too-old", ""),
    ],
)
def test_r128_each_field_alone_flips_the_verdict_and_decides_nothing_where_nobody_asks(
    key: str, broken: ImageConfiguration, code: str, name: str
) -> None:
    assert findings(judged(broken, **EVERYTHING)) == [(code, name)]
    rest = {k: v for k, v in EVERYTHING.items() if k != key}
    assert isinstance(judged(broken, **rest), Passed)
    assert findings(judged(broken, **{key: EVERYTHING[key]})) == [(code, name)]


@pytest.mark.parametrize(
    "user", ["", "0", "root", "0:0", "root:root", "00", "+0", "-0", ":1000", "0:1000"]
)
def test_every_spelling_of_root_is_root(user: str) -> None:
    assert findings(judged(replace(GOOD, user=user), user="not-root")) == [
        ("configuration-user-root", "")
    ]


@pytest.mark.parametrize("user", ["1000", "nobody", "rootless", "65532:0", "1000:root"])
def test_another_user_is_not_root(user: str) -> None:
    assert judged(replace(GOOD, user=user), user="not-root") == Passed()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "x"),
        ("password", "x"),
        ("NPM_TOKEN", "x"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("API_KEY", "x"),
        ("APIKEY", "x"),
        ("ANYTHING", "AKIAABCDEFGHIJKLMNOP"),
        ("ANYTHING", "ghp_" + "a" * 36),
        ("ANYTHING", "-----BEGIN RSA PRIVATE KEY-----\nMII"),
    ],
)
def test_a_secret_is_named_and_never_shown(name: str, value: str) -> None:
    outcome = judged(replace(GOOD, environment=((name, value),)), secrets="forbid")
    assert findings(outcome) == [("configuration-secret", name)]
    assert isinstance(outcome, Failed)
    if len(value) > 1:
        assert value not in outcome.findings[0].message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATH", "/usr/bin"),
        ("TOKEN_FILE", "/run/token"),
        ("DB_PASSWORD", ""),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("SECRETARY", "alice"),
        ("KEYCLOAK_URL", "https://x"),
        ("PYTHON_VERSION", "3.13"),
        ("GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"),
    ],
)
def test_ordinary_variables_are_no_secrets(name: str, value: str) -> None:
    assert judged(replace(GOOD, environment=((name, value),)), secrets="forbid") == Passed()


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("|1 NPM_TOKEN=abc /bin/sh -c npm ci", "NPM_TOKEN"),
        ("ENV DB_PASSWORD=hunter2", "DB_PASSWORD"),
        ("RUN curl -H 'Authorization: ghp_" + "a" * 36 + "' https://x", "history"),
    ],
)
def test_a_secret_in_a_build_step_is_found(step: str, name: str) -> None:
    outcome = judged(replace(GOOD, history=(step,)), secrets="forbid")
    assert findings(outcome) == [("configuration-secret", name)]


def test_a_build_step_that_only_sets_variables_holds_no_secret() -> None:
    step = "ENV PATH=/usr/bin TOKEN_FILE=/run/token"
    assert judged(replace(GOOD, history=(step,)), secrets="forbid") == Passed()


def test_a_variable_whose_name_is_no_name_is_not_shown() -> None:
    hostile = "\x1b[2J PASSWORD"
    outcome = judged(replace(GOOD, environment=((hostile, "x"),)), secrets="forbid")
    assert findings(outcome) == [("configuration-secret", "a variable")]


def test_no_port_at_all_may_be_asked_for() -> None:
    assert judged(replace(GOOD, ports=()), ports="none") == Passed()
    assert findings(judged(GOOD, ports="none")) == [("configuration-port", "8080/tcp")]


def test_a_port_without_protocol_is_tcp() -> None:
    assert judged(replace(GOOD, ports=("8080",)), ports=["8080/tcp"]) == Passed()
    assert findings(judged(replace(GOOD, ports=("8080/udp",)), ports=[8080])) == [
        ("configuration-port", "8080/udp")
    ]


@pytest.mark.parametrize("port", ["\x1b[2J/tcp", "0/tcp", "8080/x"])
def test_a_port_that_does_not_exist_is_not_shown(port: str) -> None:
    outcome = judged(replace(GOOD, ports=(port,)), ports=[8080])
    assert findings(outcome) == [("configuration-port", "a port that does not exist")]


def test_the_last_port_may_be_asked_for() -> None:
    assert judged(replace(GOOD, ports=("65535/tcp",)), ports=[65535]) == Passed()


def test_a_command_is_enough_to_run() -> None:
    assert judged(replace(GOOD, entrypoint=(), command=("sh",)), entrypoint="required") == Passed()


def test_a_label_may_have_any_value_but_none() -> None:
    label = {"a": "*"}
    assert judged(replace(GOOD, labels={"a": "x"}), labels=label) == Passed()
    assert findings(judged(replace(GOOD, labels={"a": ""}), labels=label)) == [
        ("configuration-label", "a")
    ]
    assert findings(judged(replace(GOOD, labels={"a": "x"}), labels={"a": "y"})) == [
        ("configuration-label", "a")
    ]


def test_a_time_that_is_missing_or_to_come_is_no_age() -> None:
    missing = judged(replace(GOOD, created=None), max_age="7d")
    assert findings(missing) == [("configuration-created-missing", "")]
    future = judged(replace(GOOD, created=NOW + TOLERANCE + timedelta(seconds=1)), max_age="7d")
    assert findings(future) == [("configuration-created-future", "")]
    assert isinstance(future, Failed)
    assert future.until is None


def test_an_image_that_is_as_old_as_it_may_be_passes_and_a_second_later_it_does_not() -> None:
    old = replace(GOOD, created=NOW - timedelta(days=7))
    assert judged(old, max_age="7d") == Passed(until=NOW)
    older = replace(old, created=NOW - timedelta(days=7, seconds=1))
    assert findings(judged(older, max_age="7d")) == [("configuration-too-old", "")]


def test_it_holds_until_the_first_platform_is_too_old() -> None:
    platforms = tuple(
        PlatformManifest(Platform("linux", a), d) for a, d in (("a", AMD64), ("b", ARM64))
    )
    found = [
        replace(GOOD, manifest=AMD64),
        replace(GOOD, manifest=ARM64, created=NOW - timedelta(days=4)),
    ]
    cases: tuple[tuple[dict[str, Any], type[Passed | Failed]], ...] = (
        ({"max_age": "7d"}, Passed),
        ({"max_age": "7d", "ports": "none"}, Failed),
    )
    for demands, kind in cases:
        outcome = CHECK.run(
            evidence(*found, platforms=platforms), asked(ConfigurationParams, **demands), NOW
        )
        assert isinstance(outcome, kind)
        assert outcome.until == NOW + timedelta(days=3)


def test_what_is_too_old_already_has_no_end_to_wait_for() -> None:
    outcome = judged(replace(GOOD, created=NOW - timedelta(days=9)), max_age="7d")
    assert isinstance(outcome, Failed)
    assert outcome.until is None


def test_every_platform_has_to_pass_and_the_message_says_which_does_not() -> None:
    platforms = (
        PlatformManifest(Platform("linux", "amd64"), AMD64),
        PlatformManifest(Platform("linux", "arm64"), ARM64),
    )
    amd = replace(GOOD, manifest=AMD64)
    arm = replace(GOOD, manifest=ARM64, platform=Platform("linux", "arm64"), user="root")
    outcome = CHECK.run(
        evidence(amd, arm, platforms=platforms), asked(ConfigurationParams, user="not-root"), NOW
    )
    assert isinstance(outcome, Failed)
    assert [f.message for f in outcome.findings] == ["linux/arm64: it runs as root"]


@pytest.mark.parametrize("read", [(), (replace(GOOD, manifest=Digest("e" * 64)),)])
def test_a_platform_that_was_not_read_is_undecided(read: tuple[ImageConfiguration, ...]) -> None:
    outcome = CHECK.run(evidence(*read), asked(ConfigurationParams, user="not-root"), NOW)
    assert isinstance(outcome, Undecided)
    assert outcome.code == "configuration-unread"


def test_configurations_that_nobody_fetched_are_undecided() -> None:
    bare = replace(evidence(), configurations=None)
    outcome = CHECK.run(bare, asked(ConfigurationParams, user="not-root"), NOW)
    assert isinstance(outcome, Undecided)
    assert outcome.code == "configuration-unread"


@pytest.mark.parametrize(
    "demands",
    [
        {},
        {"user": None},
        {"user": "root"},
        {"ports": []},
        {"ports": [0]},
        {"ports": [65536]},
        {"ports": ["x"]},
        {"ports": [True]},
        {"labels": {}},
        {"max_age": "0d"},
        {"unknown": 1},
    ],
)
def test_a_demand_that_asks_nothing_or_nonsense_is_refused(demands: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        asked(ConfigurationParams, **demands)
