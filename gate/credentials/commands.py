"""Credentials in commands: what programs are told on their command line.

A command is a list of words, of which one may be a text for a shell. A shell's text is cut into
words as a shell does: by quotes, and into one command after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gate.credentials.forms import credential
from gate.credentials.names import names_secret, names_value
from gate.credentials.references import is_open
from gate.credentials.texts import TYPES, set_in_shell
from gate.model.expressions import expression
from gate.model.records import dataclass

_LONGEST: Final = 64 * 1024
"""Characters of a shell's text that are cut into words."""
_SHORTEST: Final = 4
_OPTION: Final = expression(r"-{1,2}([A-Za-z][\w.-]{0,127})(?:=([^\n]{0,4096}))?", re.ASCII)
_SET: Final = expression(r"([A-Za-z][\w.-]{0,127})=(\S{1,1024})", re.ASCII)
_WORD: Final = expression(
    r"""(\#[^\n]*)|([;&|\n(){}]+)|((?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s;&|(){}'"\\]|\$\(|"""
    r"""\$\{[^}\n]{0,256}\}|[)}'"\\])+)""",
    re.DOTALL,
)
_QUOTED: Final = expression(r"""\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)\"""", re.DOTALL)
_HEADER: Final = expression(r"([A-Za-z][\w-]{0,63}):[ \t]{0,8}(\S[^\n]{0,4096})", re.ASCII)
_SCHEME: Final = expression(r"(?:Basic|Bearer|Token|ApiKey|GenieKey)[ \t]{1,8}", re.IGNORECASE)
_MYSQL: Final = (
    *("mariadb", "mariadb-admin", "mariadb-check", "mariadb-dump", "mysql", "mysqladmin"),
    *("mysqlcheck", "mysqldump", "mysqlimport"),
)
_MONGO: Final = ("mongo", "mongodump", "mongoexport", "mongoimport", "mongorestore", "mongosh")
_LDAP: Final = ("ldapadd", "ldapdelete", "ldapmodify", "ldappasswd", "ldapsearch", "ldapwhoami")
_PAIRS: Final = {"curl": ("-u", "-U", "--user", "--proxy-user")}
"""Options whose value is a user and a password, with `:` between them."""
_VALUES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(_LDAP, ("-w",)),
    **dict.fromkeys(_MONGO, ("-p",)),
    **dict.fromkeys(("redis-cli", "valkey-cli"), ("-a",)),
    **dict.fromkeys(("redis-server", "valkey-server", "redis", "valkey"), ("--requirepass",)),
    "cqlsh": ("-p",),
    "login": ("-p",),
    "keytool": ("-keypass", "-storepass"),
    "sqlcmd": ("-P",),
    "sshpass": ("-p",),
}
"""Options whose value is a password, by the program."""
_ATTACHED: Final[dict[str, str]] = {**dict.fromkeys(_MYSQL, "-p"), "sshpass": "-p"}
"""The option whose value is a password that is written right behind it."""
_HEADERS: Final = {"curl": ("-H", "--header", "--proxy-header"), "wget": ("--header",)}
_REGISTRIES: Final = ("crane", "docker", "helm", "nerdctl", "podman", "skopeo")
"""Programs whose command `login` takes a password."""
_PROGRAMS: Final = frozenset((*_PAIRS, *_VALUES, *_ATTACHED, *_HEADERS, *_REGISTRIES))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a command, and the place of the argument that it is in."""

    text: str
    place: int
    fixed: bool = True
    """Whether a shell leaves it as it is."""


def secrets_in(words: Sequence[str], program: str = "") -> Iterator[tuple[int, str]]:
    """Yield the place of each word that holds a secret in the open, and what it holds.

    `program` gets the words, where they do not name one. At most one secret is told of
    each word.
    """
    told: set[int] = set()
    for index, text in enumerate(words):
        form = credential(text)
        name = None if _OPTION.fullmatch(text) else set_in_shell(text)
        if form is not None or name is not None:
            told.add(index)
            yield index, form or f"a value of {name}"
    for index, what in _told(words, program):
        if index not in told:
            told.add(index)
            yield index, what


def option_in(text: str) -> bool:
    """Whether a text of options has one that is a secret by its name, with a value in the open.

    `-Xmx1g -Ddb.password=correct-horse` has.
    """
    return any(True for _ in _told([f" {text}"], ""))


def _told(words: Sequence[str], program: str) -> Iterator[tuple[int, str]]:
    plain: list[_Word] = []
    for place, text in enumerate(words):
        if any(char.isspace() for char in text) and len(text) <= _LONGEST:
            for command in _commands(text, place):
                yield from _in_command(command, "")
        plain.append(_Word(text, place))
    yield from _in_command(plain, program)


def _commands(text: str, place: int) -> Iterator[list[_Word]]:
    """Yield the words of each command of a shell's text."""
    found: list[_Word] = []
    for match in _WORD.finditer(text):
        if match[2] is not None:
            yield found
            found = []
        elif match[3] is not None:
            said = _QUOTED.sub(_unquoted, match[3])
            if not said.strip():  # a line that goes on
                continue
            fixed = "$" not in _QUOTED.sub(_open_part, match[3]) and "`" not in match[3]
            found.append(_Word(said, place, fixed))
    yield found


def _open_part(match: re.Match[str]) -> str:
    """Return what a shell looks into: nothing of what is in single quotes."""
    return match[3] or ""


def _unquoted(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3] or ""


def _in_command(words: Sequence[_Word], program: str) -> Iterator[tuple[int, str]]:
    before: _Word | None = None
    for word in words:
        name = word.text.rpartition("/")[2]
        if name in _PROGRAMS and (before is None or not before.text.startswith("-")):
            program = name if name != "login" or program in _REGISTRIES else program
        what = _held(word, before, program) if word.fixed else None
        if what is not None:
            yield word.place, what
        before = word


def _held(word: _Word, before: _Word | None, program: str) -> str | None:
    """Return what a word holds, as an option or as the value of the one before it."""
    text, option = word.text, _OPTION.fullmatch(word.text)
    if option is not None and option[2] is not None:
        return _valued(text.partition("=")[0], option[1], option[2], program)
    prefix = _ATTACHED.get(program)
    if prefix and text.startswith(prefix) and len(text) >= len(prefix) + _SHORTEST:
        return "a password" if is_open(text[len(prefix) :]) else None
    for name in _PAIRS.get(program, ()):
        if len(name) == 2 and text.startswith(name) and _is_pair(text[2:]):  # noqa: PLR2004  # -u
            return "a user name with a password"
    asked = _OPTION.fullmatch(before.text) if option is None and before is not None else None
    if before is not None and asked is not None and asked[2] is None:
        return _valued(before.text, asked[1], text, program)
    found = _SET.fullmatch(text) if option is None else None
    if found is not None and names_value(found[1]) and _is_secret(found[2]):
        return f"a value of {found[1]}"
    return None


def _valued(option: str, name: str, value: str, program: str) -> str | None:
    """Return what the value of an option holds; None where that is no secret."""
    if option in _PAIRS.get(program, ()) or (_is_cluster(option, program)):
        return "a user name with a password" if _is_pair(value) else None
    if option in _HEADERS.get(program, ()):
        return _in_header(value)
    if option in _VALUES.get(program, ()):
        return "a password" if is_open(value) else None
    if name == "from-literal":
        key, _, said = value.partition("=")
        return f"a value of {key}" if names_secret(key) and is_open(said) else None
    return "a secret" if names_value(name) and is_open(value) else None


def _is_cluster(option: str, program: str) -> bool:
    """Whether it is several letters of curl, the last of which takes a user: `-sfu`."""
    return program == "curl" and option[1:2] != "-" and option.endswith("u")


def _is_pair(value: str) -> bool:
    user, colon, password = value.partition(":")
    named = user.lower() in ("user", "username") and password.lower() in TYPES | {"pass"}
    return bool(colon and user and password) and not named and is_open(password)


def _in_header(value: str) -> str | None:
    found = _HEADER.fullmatch(value)
    if found is None:
        return None
    said = _SCHEME.sub("", found[2])
    held = found[1].lower().endswith("authorization") or names_secret(found[1])
    return f"a value of the header {found[1]}" if held and is_open(said) else None


def _is_secret(value: str) -> bool:
    return len(value) >= _SHORTEST and is_open(value) and value.lower() not in TYPES
