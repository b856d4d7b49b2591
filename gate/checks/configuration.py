"""The image is configured to run as the policy allows.

Why: an image that runs as root, carries a password in its environment or was built a year
ago is a risk that no signature takes away, and its configuration says so.

Passes when: for every platform of the image, all that the policy asks for holds. `user:
not-root`: the configuration names a user other than root. `secrets: forbid`: no variable
and no build step is named like a secret or holds what reads as one. `ports`: nothing is
exposed but these (`none`: nothing at all). `entrypoint: required`: it says what to run.
`labels`: each is there, with this value (`*`: with any). `max-age`: it was created that
recently, by its own claim, which is never in the future.
A chart or a bundle of manifests (`oci://…`) runs nothing, and fails where this is asked of it.

Remedy: change the Dockerfile or the build, and push the image again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from gate.checks.demand.base import Check
from gate.credentials.forms import credential
from gate.credentials.names import names_secret
from gate.credentials.references import is_open
from gate.model.clock import end_of, is_ahead
from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence
from gate.model.expressions import expression
from gate.model.image_configuration import ImageConfiguration
from gate.model.verdict import Failed, Outcome, Passed, Severity, Undecided
from gate.policy.duration import Duration
from gate.policy.fields import Before, Sized, written
from gate.policy.section import Params

_PORT: Final = expression(r"[1-9][0-9]{0,4}(?:/(?:tcp|udp|sctp))?")
_LAST_PORT: Final = 65535
_ROOT: Final = expression(r"(?:[+-]?0+|root)?(?::.*)?", re.DOTALL)
"""Nothing, the name, or any spelling of the number that runtimes read as 0."""
_ASSIGNMENT: Final = expression(r"\b([A-Za-z][A-Za-z0-9_]{0,63})=(\S{1,4096})")
_REMEDY: Final = "change the Dockerfile or the build, and push the image again"


def _port(text: object) -> str:
    name = str(text)
    if not _PORT.fullmatch(name) or int(name.partition("/")[0]) > _LAST_PORT:
        msg = "a port is a number from 1 to 65535, and a protocol after / where it is not tcp"
        raise ValueError(msg)
    return _with_protocol(name)


def _with_protocol(port: str) -> str:
    return port if "/" in port else f"{port}/tcp"


Port = Annotated[str, Before(_port)]


class ConfigurationParams(Params):
    """What the configuration of every platform has to say. At least one thing is asked."""

    user: Literal["not-root"] | None = None
    """`not-root`: the image names a user that is not root."""
    secrets: Literal["forbid"] | None = None
    """`forbid`: nothing in the environment or the history looks like a secret."""
    ports: Literal["none"] | Annotated[tuple[Port, ...], Sized(min_length=1)] | None = None
    """The only ports that may be exposed, such as `8080/tcp`, or `none`."""
    entrypoint: Literal["required"] | None = None
    """`required`: the image says what it runs."""
    labels: Annotated[dict[str, str], Sized(min_length=1)] | None = None
    """Labels that must be there, each with its value; `*` accepts every value."""
    max_age: Duration | None = written(default=None, alias="max-age")
    """How long ago the image may have been created."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse a section that asks nothing. Raises ValueError."""
        del context
        if all(value is None for value in vars(self).values()):
            msg = "say what the configuration has to show, such as `user: not-root`"
            raise ValueError(msg)


Wrong = tuple[str, str, str]
"""Code, what a waiver calls it, and the message."""


def run(image: ImageEvidence, asked: ConfigurationParams, now: datetime) -> Outcome:
    """Look at the configuration of every platform."""
    runnable = {p.digest for p in image.image.platforms} or {image.image.digest}
    found = image.configurations or ()
    if {c.manifest for c in found} != runnable:
        return Undecided(
            "configuration-unread",
            f"the configuration of {image} was not read for every platform",
            "run again; if it stays so, report it with the output of `gate --version`",
        )
    wrong: dict[tuple[str, str], list[str]] = {}
    for configuration in found:
        for look in LOOKS:
            for code, name, message in look(configuration, asked, now):
                wrong.setdefault((code, name), []).append(f"{configuration.platform}: {message}")
    ends = (_ends(c, asked, now) for c in found)
    until = min((end for end in ends if end is not None and end >= now), default=None)
    if not wrong:
        return Passed(until=until)
    return Failed(
        tuple(
            CHECK.finding(image, code, "; ".join(messages), remedy=_REMEDY, id=name)
            for (code, name), messages in sorted(wrong.items())
        ),
        until=until,
    )


def _ends(it: ImageConfiguration, asked: ConfigurationParams, now: datetime) -> datetime | None:
    """Return the moment after which it is too old; None where its age decides nothing."""
    if asked.max_age is None or it.created is None or is_ahead(it.created, now):
        return None
    return end_of(it.created, asked.max_age)


def _user(it: ImageConfiguration, asked: ConfigurationParams, now: datetime) -> Iterator[Wrong]:
    del now
    if asked.user and _ROOT.fullmatch(it.user):
        yield "configuration-user-root", "", "it runs as root"


def _secrets(it: ImageConfiguration, asked: ConfigurationParams, now: datetime) -> Iterator[Wrong]:
    """Yield names, never values: reports are read by more people than images are."""
    del now
    if not asked.secrets:
        return
    for name, value in it.environment:
        if _is_secret(name, value):
            yield _secret(name, "a variable of the environment")
    for step in it.history:
        for assigned in _ASSIGNMENT.finditer(step):
            if _is_secret(assigned[1], assigned[2]):
                yield _secret(assigned[1], "a build step")
        if credential(_ASSIGNMENT.sub("", step)) is not None:
            yield _secret("history", "a build step")


def _ports(it: ImageConfiguration, asked: ConfigurationParams, now: datetime) -> Iterator[Wrong]:
    del now
    if asked.ports is None:
        return
    allowed = () if asked.ports == "none" else asked.ports
    for port in it.ports:
        if _with_protocol(port) not in allowed:
            shown = port if _PORT.fullmatch(port) else "a port that does not exist"
            yield "configuration-port", shown, f"it exposes {shown}"


def _entrypoint(
    it: ImageConfiguration, asked: ConfigurationParams, now: datetime
) -> Iterator[Wrong]:
    del now
    if asked.entrypoint and not it.entrypoint and not it.command:
        yield "configuration-entrypoint-missing", "", "it does not say what to run"


def _labels(it: ImageConfiguration, asked: ConfigurationParams, now: datetime) -> Iterator[Wrong]:
    del now
    for name, value in sorted((asked.labels or {}).items()):
        found = it.labels.get(name, "")
        if not found:
            yield "configuration-label", name, f"it has no label {name}"
        elif value not in ("*", found):
            yield "configuration-label", name, f"its label {name} is not {value!r}"


def _age(it: ImageConfiguration, asked: ConfigurationParams, now: datetime) -> Iterator[Wrong]:
    if asked.max_age is None:
        return
    if it.created is None:
        yield "configuration-created-missing", "", "it does not say when it was created"
    elif is_ahead(it.created, now):
        yield "configuration-created-future", "", f"it says that it is from {it.created:%Y-%m-%d}"
    elif now - it.created > asked.max_age:
        yield "configuration-too-old", "", f"it was created on {it.created:%Y-%m-%d}"


LOOKS: Final[
    tuple[Callable[[ImageConfiguration, ConfigurationParams, datetime], Iterator[Wrong]], ...]
] = (_user, _secrets, _ports, _entrypoint, _labels, _age)
"""What can be asked, one function each."""


def _is_secret(name: str, value: str) -> bool:
    return (names_secret(name) and is_open(value)) or credential(value) is not None


def _secret(name: str, where: str) -> Wrong:
    shown = name if _ASSIGNMENT.fullmatch(f"{name}=x") else "a variable"
    return "configuration-secret", shown, f"{where} holds what reads as a secret ({shown})"


_CODES: Final[dict[str, CodePage]] = {
    "configuration-unread": CodePage(
        "The configuration of a platform was not read.",
        "What it says is unknown, so the check is undecided.",
        "Run again. If it stays so, report it with the output of `gate --version`.",
    ),
    "configuration-user-root": CodePage(
        "The image runs as root.",
        "Its configuration names no user, or names root in some spelling. The policy has `user: "
        "not-root`.",
        "Add a USER line with a number above 0 to the Dockerfile, and push the image again.",
        "USER 10001",
    ),
    "configuration-secret": CodePage(
        "The image holds a secret.",
        "A variable or a build step in its configuration reads as a secret. Everybody who pulls "
        "the image can read it.",
        "Replace the secret at its source, since it is public now. Then build with a secret "
        "mount and push the image again.",
    ),
    "configuration-port": CodePage(
        "The image exposes a port that the policy does not allow.",
        "`ports` lists the only ports that may be exposed.",
        "Take the EXPOSE line out of the Dockerfile, or add the port to the policy.",
    ),
    "configuration-entrypoint-missing": CodePage(
        "The image does not say what it runs.",
        "It has neither an entrypoint nor a command. The policy has `entrypoint: required`.",
        "Add an ENTRYPOINT line to the Dockerfile, and push the image again.",
    ),
    "configuration-label": CodePage(
        "The image lacks a label, or the label has another value.",
        "`labels` lists each label with its value; `*` takes any value that is not empty.",
        "Add the LABEL line to the Dockerfile or the build, and push the image again.",
    ),
    "configuration-created-missing": CodePage(
        "The image does not say when it was created.",
        "The policy has `max-age`, and an unknown age is never young enough. Reproducible "
        "builds often leave the time out.",
        "Let the build write the time, or take `max-age` out of the policy's `configuration`.",
    ),
    "configuration-created-future": CodePage(
        "The image says that it was created in the future.",
        "One of two clocks is wrong, and what is dated in the future never counts.",
        "Set the clock of the machine that builds, and push the image again.",
    ),
    "configuration-too-old": CodePage(
        "The image is older than the policy allows.",
        "`max-age` counts from when the image was created.",
        "Build and push the image again.",
    ),
}

CHECK: Final = Check(
    name="configuration",
    severity=Severity.MEDIUM,
    params=ConfigurationParams,
    run=run,
    codes=_CODES,
    wants=frozenset(),
    needs_configuration=True,
    of_what_runs=True,
)
