"""Credentials inside of files: npmrc, dockerconfig, properties, env files, JSON and YAML."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from gate.credentials.forms import credential
from gate.credentials.names import names_secret, names_value
from gate.credentials.references import is_open
from gate.model.expressions import expression

_REPEATS: Final = ("", "_VAL", "_VALUE", "_HERE", "_PLACEHOLDER")
_SHORTEST: Final = 4
_COMMENT: Final = 256
"""How far before a name the beginning of its line is looked for."""
_ASSIGNED: Final = expression(
    r"""(?<![^\s"',;{\[(&])["']?([A-Za-z_][\w.-]{0,127})["']?[ \t]{0,8}[:=][ \t]{0,8}"""
    r"""(?:"([^"\n]{1,512})"|'([^'\n]{1,512})'|([^\s"',;&{}()\[\]<>*!|#]"""
    r"""[^\s"',;&{}()\[\]<>]{0,511})(?=[ \t]{0,8},?[ \t]{0,8}(?:\r?\n|\Z)))""",
    re.ASCII,
)
"""A name and a value, as properties, env files, INI, TOML, JSON and YAML write it.

A name begins only after what no bare value holds, so that no text is looked at twice.
"""
_IN_SHELL: Final = expression(
    r"""(?<![^\s;&|({"'`])([A-Z][A-Z0-9_]{2,63})="""
    r"""(?:"([^"$`\n]{4,512})"|'([^'$`\n]{4,512})'|([^\s;&|"'`$()<>{}]{4,512})(?=[\s;&|"')]|\Z))""",
    re.ASCII,
)
"""A variable that a command of a shell sets, with what it is set to."""
_CAPITALS: Final = expression(r"[A-Z][A-Z0-9_]{2,63}", re.ASCII)
_NPMRC: Final = expression(r":_(?:authToken|auth|password)[ \t]{0,8}=[ \t]{0,8}(\S{1,1024})")
_DOCKER: Final = expression(
    r'"(?:auth|identitytoken|registrytoken)"\s{0,8}:\s{0,8}"([A-Za-z0-9+/=._-]{8,8192})"'
)
_IDENTIFIER: Final = expression(r"[A-Za-z_]\w{0,127}(?:\.\w{1,128}|_\w{0,128})", re.ASCII)
TYPES: Final = frozenset(("password", "string", "secret", "text", "required", "optional"))
"""Words for a value to come."""


def holds_secret(name: str, value: str) -> bool:
    """Whether a variable or field is a secret by its name and has a value in the open.

    A value that is its own name again is for a tool to replace: API_KEY_VAL of API_KEY.
    """
    if not names_secret(name) or not is_open(value):
        return False
    return not name.isupper() or value.removeprefix(name) not in _REPEATS


def credential_in(text: str) -> str | None:
    """Return what credential a file's text holds, as in `a value of DB_PASSWORD`.

    None where it holds none. A commented line holds none, unless the form of a value gives it
    away. Takes time that grows with the text alone.
    """
    found = credential(text)
    if found is not None:
        return found
    if any(is_open(match[1]) for match in _NPMRC.finditer(text)):
        return "a token of a package registry"
    if any(_is_login(match[1]) for match in _DOCKER.finditer(text)):
        return "a login of a registry"
    return next((f"a value of {name}" for name, value in _assigned(text)), None)


def set_in_shell(command: str) -> str | None:
    """Return the variable that a command sets to a secret in the open; None where none is.

    `DB_PASSWORD=correct-horse ./run` and `export API_TOKEN='abc123'` do; `TOKEN=$(cat file)`,
    `PASSWORD="$1"` and `PASSWORD=/run/secrets/a` do not.
    """
    for match in _IN_SHELL.finditer(command):
        value = (match[2] or match[3] or match[4] or "").strip()
        if holds_secret(match[1], value) and value.lower() not in TYPES:
            return match[1]
    return None


def _assigned(text: str) -> Iterator[tuple[str, str]]:
    """Yield each name of a secret and the value in the open that it is given."""
    for match in _ASSIGNED.finditer(text):
        name = match[1]
        named = names_secret if _CAPITALS.fullmatch(name) else names_value
        if not named(name):
            continue
        value = (match[2] or match[3] or match[4] or "").strip()
        if len(value) < _SHORTEST or not is_open(value) or value.lower() in TYPES:
            continue
        if not _is_variable(value) and not _is_comment(text, match.start()):
            yield name, value


def _is_variable(value: str) -> bool:
    """Whether a script takes the value from elsewhere, as in `password = options.password`."""
    return bool(_IDENTIFIER.fullmatch(value)) and names_secret(value)


def _is_comment(text: str, at: int) -> bool:
    line = text[max(at - _COMMENT, 0) : at].rpartition("\n")[2].lstrip()
    return line.startswith(("#", ";", "//"))


def _is_login(text: str) -> bool:
    try:
        user, colon, password = base64.b64decode(text, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return is_open(text)
    return not colon or bool(user and is_open(password.decode(errors="replace")))
