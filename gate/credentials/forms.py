"""Credentials that their own form gives away, with the page that documents each."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Final

from gate.credentials.references import is_open, is_placeholder, is_reference
from gate.model.expressions import expression
from gate.model.records import dataclass

_CONNECTION: Final = 512
"""How far before a password its connection is looked for."""
_CONNECTS: Final = expression(
    r"\bjdbc:[a-z]|(?:^|[;\s\"'])(?i:server|data source|host|addr|address|driver|uid|user id)="
    r"|://",
    re.ASCII,
)


def _any(match: re.Match[str]) -> bool:
    del match
    return True


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of credential."""

    name: str
    """As in `a token of GitLab`."""
    marks: tuple[str, ...]
    """One of these is in every text that the pattern finds; to look for them is much faster."""
    pattern: re.Pattern[str]
    """Bounded, so that a search takes time that grows with the text alone."""
    is_one: Callable[[re.Match[str]], bool] = _any
    """Whether what the pattern found is one after all."""


def _form(
    name: str, marks: str, pattern: str, is_one: Callable[[re.Match[str]], bool] = _any
) -> Form:
    return Form(name, tuple(marks.split("|")), expression(pattern, re.ASCII), is_one)


def _no_example(match: re.Match[str]) -> bool:
    return not match[0].endswith("EXAMPLE")  # AKIAIOSFODNN7EXAMPLE, in Amazon's own pages


def _jwt(match: re.Match[str]) -> bool:
    header = _decoded(match[1].replace("-", "+").replace("_", "/"))
    try:
        value = json.loads(header or b"")
    except ValueError:
        return False
    return isinstance(value, dict) and "alg" in value


def _basic(match: re.Match[str]) -> bool:
    user, colon, password = (_decoded(match[1]) or b"").partition(b":")
    said = password.decode(errors="replace")
    return bool(user and colon and password) and not is_reference(said)


def _url(match: re.Match[str]) -> bool:
    user, password = match[1], match[2]
    named = user.lower() in ("user", "username") and password.lower() in ("pass", "password")
    return not (named or is_reference(password) or is_placeholder(password))


def _connection(match: re.Match[str]) -> bool:
    """Whether the text around a password is of a connection, and the password is in the open."""
    before = match.string[max(match.start() - _CONNECTION, 0) : match.end()]
    said = match[1] or match[2]
    placed = said.lower() in ("password", "pass", "secret") or not is_open(said)
    return bool(_CONNECTS.search(before)) and not placed


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


FORMS: Final = (
    # https://www.rfc-editor.org/rfc/rfc7468#section-10
    _form(
        "a private key",
        "PRIVATE KEY",
        r"---BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?---"
        r"(?!-{0,2}\s{1,64}[.…]{1,8}\s{1,64}---)",  # of a documentation
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    _form("an access key of AWS", "AKIA|ASIA", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", _no_example),
    # https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    _form(
        "a token of GitHub",
        "ghp_|gho_|ghu_|ghs_|ghr_|github_pat_",
        r"\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{22}",
    ),
    # https://docs.gitlab.com/security/tokens/#token-prefixes
    _form(
        "a token of GitLab",
        "glpat-|gloas-|gldt-|glrt-|glrtr-|glcbt-|glptt-|glft-|glimt-|glagent-|glsoat-|glffct-",
        r"\bgl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-[\w-]{20}",
    ),
    # https://docs.slack.dev/authentication/tokens
    _form(
        "a token of Slack",
        "xox|xapp-|hooks.slack.com/services/T",
        r"\bxox[abeoprs]-[\w-]{10}|\bxapp-[0-9]-[\w-]{10}"
        r"|hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{16}",
    ),
    # https://docs.stripe.com/keys
    _form("a key of Stripe", "k_live_|whsec_", r"\b[rs]k_live_[A-Za-z0-9]{16}|\bwhsec_[\w+/]{32}"),
    # https://cloud.google.com/docs/authentication/api-keys
    _form(
        "a key of Google",
        "AIza|GOCSPX-|ya29.",
        r"\bAIza[\w-]{35}|\bGOCSPX-[\w-]{28}|\bya29\.[\w-]{20}",
    ),
    # https://docs.npmjs.com/about-access-tokens
    _form("a token of npm", "npm_", r"\bnpm_[A-Za-z0-9]{36}"),
    # https://pypi.org/help/#apitoken
    _form("a token of PyPI", "pypi-AgEI", r"\bpypi-AgEI[\w-]{50}"),
    # https://docs.docker.com/security/access-tokens/
    _form("a token of Docker Hub", "dckr_", r"\bdckr_[op]at_[\w-]{20}"),
    # https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes
    _form(
        "a token of HashiCorp",
        "hvs.|hvb.|hvr.|.atlasv1.",
        r"\bhv[sbr]\.[\w-]{24}|\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40}",
    ),
    # https://docs.digitalocean.com/reference/api/create-personal-access-token/
    _form("a token of DigitalOcean", "_v1_", r"\bdo[opr]_v1_[0-9a-f]{64}"),
    # https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
    _form("a key of SendGrid", "SG.", r"\bSG\.[\w-]{22}\.[\w-]{43}"),
    # https://platform.openai.com/docs/api-reference/authentication, and others of its kind
    _form(
        "a key of a model's API",
        "sk-proj-|sk-svcacct-|sk-admin-|sk-ant-|T3BlbkFJ|hf_",
        r"\bsk-(?:proj|svcacct|admin|ant)-[\w-]{20}|(?<![\w-])sk-[\w-]{20,74}T3BlbkFJ|\bhf_[A-Za-z]{34}\b",
    ),
    # https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
    _form(
        "a key of Azure",
        "AccountKey=|SharedAccessKey=|sig=|Q~",
        r"\bAccountKey=[A-Za-z0-9+/]{86}==|\bSharedAccessKey=[A-Za-z0-9+/]{43}="
        r"|[?&]sig=[A-Za-z0-9%+/]{43,}(?:=|%3[Dd])"
        r"|(?<![\w~.-])[\w~.-]{3}[0-9]Q~[\w~.-]{31,34}",
    ),
    # https://grafana.com/docs/grafana/latest/administration/service-accounts/
    _form(
        "a token of Grafana",
        "glsa_|glc_",
        r"\bglsa_\w{32}_[0-9a-f]{8}|\bglc_eyJ[\w+/]{20}",
    ),
    # https://docs.databricks.com/aws/en/dev-tools/auth/pat
    _form("a token of Databricks", "dapi", r"\bdapi[0-9a-f]{32}\b"),
    # https://core.telegram.org/bots/api#authorizing-your-bot
    _form("a token of Telegram", ":AA", r"\b[0-9]{8,10}:AA[\w-]{33}\b"),
    # https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
    _form("a token of Shopify", "shp", r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b"),
    # https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
    _form("a key of New Relic", "NRAK-|NRII-", r"\bNR(?:AK|II)-[A-Za-z0-9_-]{27}"),
    # https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
    _form("a token of Atlassian", "ATATT3|ATCTT3", r"\bAT[AC]TT3[\w=-]{60}"),
    # https://linear.app/developers/graphql
    _form("a key of Linear", "lin_api_|lin_oauth_", r"\blin_(?:api|oauth)_[A-Za-z0-9]{40}"),
    # https://docs.discord.com/developers/resources/webhook
    _form(
        "a webhook of Discord",
        "/api/webhooks/",
        r"\bdiscord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[\w-]{60}",
    ),
    # https://age-encryption.org/v1
    _form("a key of age", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    # https://www.rfc-editor.org/rfc/rfc7519#section-3
    _form(
        "a signed token (JWT)",
        "eyJ",
        r"(?<![\w-])(eyJ[\w-]{8,2048})\.eyJ[\w-]{8,8192}\.[\w-]{20}",
        _jwt,
    ),
    # https://www.rfc-editor.org/rfc/rfc7617#section-2
    _form(
        "a user name with a password",
        "Basic |basic ",
        r"\b[Bb]asic ([A-Za-z0-9+/]{6,1024}={0,2})(?![\w+/=])",
        _basic,
    ),
    # https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    _form("a bearer token", "earer ", r"^[Bb]earer [\w.~+/=-]{6,4096}$"),
    # https://learn.microsoft.com/dotnet/framework/data/adonet/connection-strings, and JDBC's URLs
    _form(
        "a password in a connection string",
        "assword=|wd=|ASSWORD=|WD=",
        r"""[;?&](?i:password|pwd)=['"]?([^\s;&'"$%{<(@?:\[*][^\s;&'"]{3,255})"""
        r"""|(?m:^)(?:[a-z_]{2,32}=[^\s,()]{1,256}[ ]{1,8}){1,16}"""
        r"""password=([^\s'"$%{<(@?:\[*]\S{3,255})""",
        _connection,
    ),
    # https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
    _form(
        "a password in a URL",
        "://",
        r"""://([^\s:/@"'$({<%]{0,128}):([^\s/@"']{1,256})@[\w.\[-]""",
        _url,
    ),
)


def credential(text: str) -> str | None:
    """Return what credential a text holds by its form, as in `a token of npm`; None for none."""
    for form in FORMS:
        for mark in form.marks:  # `any` and a generator would take twice the time
            if mark in text:
                break
        else:
            continue
        for match in form.pattern.finditer(text):
            if form.is_one(match):
                return form.name
    return None
