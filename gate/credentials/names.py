"""Names that say that their value is a secret, and names that only point at one."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from gate.model.expressions import expression

_LONGEST: Final = 256
"""No longer name names a secret."""
_REMEMBERED: Final = 4096
_WORD: Final = expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", re.ASCII)
_QUICK: Final = expression(r"pass|pwd|secret|token|credential|key|auth", re.IGNORECASE)
_SECRET: Final = expression(
    r"(?:\w*(?:passwo?r?d|passphrase)|pwd|\w*(?:secret|token|credential))s?"
    r"|\w*(?:api|access|account|auth|client|encryption|private|secret|signing|ssh|storage)keys?"
)
"""One word, in lower case."""
_OF_KEYS: Final = frozenset(
    (
        *("access", "account", "api", "auth", "batch", "cli", "client", "encryption", "license"),
        *("master", "private", "secret", "shared", "signing", "ssh", "storage"),
    )
)
"""Words that make a secret of a `key` after them."""
_OF_SECRETS: Final = frozenset(
    ("app", "client", "consumer", "cookie", "hmac", "jwt", "oauth", "session", "shared")
)
"""Words that make a value of a `secret` after them, where it could be an object's name."""
_OF_PASSES: Final = frozenset(
    (
        *("admin", "amqp", "app", "cache", "cassandra", "clickhouse", "database", "db", "elastic"),
        *("email", "ftp", "imap", "jdbc", "kafka", "keystore", "ldap", "mail", "mariadb", "mongo"),
        *("mongodb", "mq", "mssql", "mysql", "nats", "oracle", "pg", "pop3", "postgres"),
        *("postgresql", "rabbitmq", "redis", "registry", "root", "sftp", "smtp", "sql", "ssh"),
        *("truststore", "user", "vpn", "wifi"),
    )
)
"""Words that make a secret of a `pass` after them: DB_PASS, and not PROXY_PASS or FIRST_PASS."""
_OF_OBJECTS: Final = frozenset(("ca", "cert", "certificate", "pull", "tls"))
"""Words before a `secret` that is the name of an object: IMAGE_PULL_SECRET, tls-secret."""
_POINTS: Final = expression(
    r"(?:algorithm|alias|annotation|arn|audience|backend|bucket|claim|class|count|desc|description"
    r"|dir|directory|disabled?|duration|email|enabled|endpoint|engine|env|expir\w{0,32}|expiry|field"
    r"|file|filename|folder|format|generator|group|header|help|host|id|interval|issuer|kind|label"
    r"|length|level|lifetime|limit|location|manager|max|message|min|mode|mount|name|namespace"
    r"|param|parameter|path|pattern|period|placeholder|policy|port|prefix|project|provider|ref|reference"
    r"|refresh|regex|region|required|reset|role|rotation|scope|selector|server|service|size|source"
    r"|store|strategy|suffix|template|text|timeout|title|ttl|type|uri|url|user|username|vault"
    r"|version|volume)s?"
)
"""How names end that say where a secret is, or what it is like."""
_ASKS: Final = frozenset(
    (
        *("allow", "auto", "create", "disable", "enable", "generate", "has", "is", "max", "min"),
        *("no", "num", "require", "rotate", "should", "skip", "use", "verify", "with", "without"),
    )
)
"""How names begin that ask for a yes or no, or for a number."""


def names_secret(name: str) -> bool:
    """Whether a variable, field or option of that name holds a secret.

    DB_PASSWORD, clientSecret and api-key do. SECRET_NAME, TOKEN_FILE and USE_TOKEN point at
    one or ask for one; SECRETARY and TOKENIZERS_PARALLELISM speak of something else.
    """
    return len(name) <= _LONGEST and _names_secret(name)


@lru_cache(_REMEMBERED)
def _names_secret(name: str) -> bool:
    words = _words(name)
    if not words or _POINTS.fullmatch(words[-1]) or words[0] in _ASKS:
        return False
    if words[-1] in ("secret", "secrets") and len(words) > 1 and words[-2] in _OF_OBJECTS:
        return False
    return any(map(_is_secret, words)) or _has_key(words) or _has_pass(words)


def names_value(name: str) -> bool:
    """Whether a field or option of that name holds the secret itself, and no object's name.

    As names_secret, for places where `secret: shop-tls` names a Secret: there it is one
    after a word such as client or session.
    """
    if not names_secret(name):
        return False
    words = _words(name)
    last = words[-1]
    if last not in ("secret", "secrets"):
        ends = words[-2:]
        return _is_secret(last) or _has_key(ends) or _has_pass(ends) or last.isdigit()
    return len(words) > 1 and words[-2] in _OF_SECRETS


def names_place(name: str) -> bool:
    """Whether a variable, field or option of that name says where or what something is.

    url, username, project-id and enableOCI do. password, data and TOKEN do not.
    """
    words = [word.lower() for word in _WORD.findall(name[:_LONGEST])]
    return bool(words) and (words[0] in _ASKS or bool(_POINTS.fullmatch(words[-1])))


def _words(name: str) -> list[str]:
    if not _QUICK.search(name):
        return []
    return [word.lower() for word in _WORD.findall(name)]


def _is_secret(word: str) -> bool:
    return bool(_SECRET.fullmatch(word))


def _has_key(words: list[str]) -> bool:
    return any(two in ("key", "keys") and one in _OF_KEYS for one, two in pairwise(words))


def _has_pass(words: list[str]) -> bool:
    return any(two == "pass" and one in _OF_PASSES for one, two in pairwise(words))
