"""Values that hold no secret: references that a tool fills in later, and placeholders."""

from __future__ import annotations

import re
from typing import Final

from gate.model.expressions import expression

_LONGEST: Final = 4096
"""No reference is longer: what is looked at in time that grows with its square is short."""
_FILLED_IN: Final = expression(
    r"\$\{[^{}\n]{1,256}\}|\$\([^()\n]{1,256}\)|\$\$?[A-Z_][A-Z0-9_]{1,127}\b|%[A-Z_][A-Z0-9_]{0,127}%"
    r"|\{\{[^\n]{0,512}?\}\}|\{%[^\n]{0,512}?%\}|#\{[^{}\n]{1,256}\}#?|<%[^\n]{0,256}?%>"
    r"|<[^<>\n]{0,512}>|\b__[A-Z][A-Z0-9_]{0,127}__\b|@@?[A-Z][A-Z0-9_]{1,127}@@?",
    re.ASCII,
)
"""A part of a text that templates, shells and kustomizations replace."""
_WHOLE: Final = expression(
    # 1Password, vals, Vault's injectors, Azure, AWS, Google, SOPS, environment and files
    r"(?:op|vault|azurekeyvault|keyvault|akv|awssm|awssecret|awsssm|gcpsm|gcpsecrets?|gsm|bao"
    r"|doppler|infisical|sm|secretsmanager|ssm|kms|file|env)(?:://|:(?=[\w/.]))\S{1,1024}"
    r"|(?:secret)?ref\+\S{1,1024}|secretref:\S{1,1024}|ENC\[[^\]\n]{1,8192}\]"
    r"|arn:aws[\w-]{0,16}:(?:secretsmanager|ssm):\S{1,1024}"
    r"|\$[A-Za-z_]\w{0,127}[.:-][\w.:-]{1,255}"  # Argo CD: $dex.github.clientSecret
    r"|projects/[^/\s]{1,128}/secrets/[^/\s]{1,256}(?:/versions/\w{1,32})?",
    re.ASCII,
)
_PLACEHOLDER: Final = expression(
    r"[x*.•_#-]{3,}|(?:please[-_ ]?)?(?:change|replace|fill|set|insert|add)[-_ ]?"
    r"(?:me|this|in|it|here)(?:[-_ ]\w{1,32}){0,4}!*"
    r"|to[-_ ]?do|tbd|(?:my[-_ ])?placeholder|redacted|masked|hidden|omitted|dummy"
    r"|-----BEGIN [A-Z ]{1,40}-----\s{1,64}[.…]{1,8}\s{1,64}-----END [A-Z ]{1,40}-----"
    r"|your[-_ ][\w -]{1,64}|replace[-_ ]with[-_ ][\w -]{1,64}|(?:put|enter)[-_ ][\w -]{1,64}here",
    re.IGNORECASE | re.ASCII,
)
_HARMLESS: Final = expression(
    r"/[\w./-]*|[0-9.]+[a-z]{0,2}|true|false|yes|no|on|off|none|null|nil|https?://[^@\s]*",
    re.IGNORECASE,
)
_ADDRESS: Final = expression(r"[A-Za-z][A-Za-z0-9+.-]{1,31}://[^\s@]{1,512}@[^\s@]{0,1024}")


def is_reference(text: str) -> bool:
    """Whether a text only says where a value comes from.

    `${DB_PASSWORD}`, `op://vault/shop/password`, `<path:secret/data/shop#password>`,
    `ref+vault://shop`, and several beside each other. `correct-horse-${STAGE}` does not count: a
    part of it is written out. An address counts where its password is a reference.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return False
    if _WHOLE.fullmatch(text):
        return True
    if text.startswith("{{") and text.endswith("}}") and text.count("{{") == 1:
        return True  # one expression, of more than a line as well
    rest = _FILLED_IN.sub("", text)
    if rest == text:
        return False
    if not any(c.isalnum() for c in rest):
        return True
    return bool(_ADDRESS.fullmatch(text)) and is_reference(_password(text))


def is_placeholder(text: str) -> bool:
    """Whether a text holds the place of a value to come: `changeme`, `your-token`, `xxxxx`."""
    return bool(_PLACEHOLDER.fullmatch(text.strip()))


def is_open(text: str) -> bool:
    """Whether a text could be a secret in the open.

    It is no secret where it is empty, a path, a number, a yes or no, an address without a
    password, a reference or a placeholder.
    """
    text = text.strip()
    return bool(text) and not (
        _HARMLESS.fullmatch(text) or is_reference(text) or is_placeholder(text)
    )


def _password(url: str) -> str:
    return url.partition("://")[2].rpartition("@")[0].partition(":")[2]
