from __future__ import annotations

import base64
import time
from typing import Final

import pytest

from gate.credentials.forms import FORMS, credential
from gate.credentials.names import names_secret, names_value
from gate.credentials.references import is_open, is_placeholder, is_reference
from gate.credentials.texts import credential_in

A: Final = "a1B2c3D4" * 16
JWT: Final = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (b'{"alg":"HS256"}', b'{"sub":"1234567890"}', b"x" * 32)
)
LOGIN: Final = base64.b64encode(b"app:hunter2").decode()
SAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "a private key": (
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    ),
    "an access key of AWS": ("AKIA" + "A" * 16, "ASIA" + "2345672345672345"),
    "a token of GitHub": ("ghp_" + A[:36], "ghs_" + A[:36], "github_pat_" + A[:60]),
    "a token of GitLab": ("glpat-" + A[:20], "gldt-" + A[:20], "glrt-" + A[:20]),
    "a token of Slack": (
        "xoxb-" + "123456789012-" + A[:24],
        "xapp-1-" + A[:20],
        "https://hooks.slack.com/services/" + "T00000000/B00000000/" + A[:24],
    ),
    "a key of Stripe": ("sk_live_" + A[:24], "rk_live_" + A[:24]),
    "a key of Google": ("AIza" + A[:35], "GOCSPX-" + A[:28]),
    "a token of npm": ("npm_" + A[:36],),
    "a token of PyPI": ("pypi-AgEI" + A[:60],),
    "a token of Docker Hub": ("dckr_pat_" + A[:27],),
    "a token of HashiCorp": ("hvs." + A[:24], A[:14] + ".atlasv1." + A[:60]),
    "a token of DigitalOcean": ("dop_v1_" + "0a" * 32,),
    "a key of SendGrid": ("SG." + A[:22] + "." + A[:43],),
    "a key of a model's API": ("sk-proj-" + A[:40], "sk-ant-" + A[:40], "hf_" + "aB" * 17),
    "a key of Azure": (
        "DefaultEndpointsProtocol=https;AccountKey=" + A[:86] + "==;",
        A[:3] + "8Q~" + A[:34],
        "https://shop.blob.core.windows.net/a?sv=2022-11-02&sig=" + A[:43] + "%3D",
    ),
    "a token of Grafana": ("glsa_" + A[:32] + "_0a1b2c3d",),
    "a token of Databricks": ("dapi" + "0a" * 16,),
    "a token of Telegram": ("123456789:AA" + A[:33],),
    "a token of Shopify": ("shpat_" + "0a" * 16, "shpss_" + "0A" * 16),
    "a key of New Relic": ("NRAK-" + A[:27], "NRII-" + A[:32]),
    "a token of Atlassian": ("ATATT3" + A[:100] + "=0A1B2C3D",),
    "a key of Linear": ("lin_api_" + A[:40],),
    "a webhook of Discord": ("https://discord.com/api/webhooks/" + "123456789012345678/" + A[:68],),
    "a key of age": ("AGE-SECRET-KEY-1" + "Q" * 58,),
    "a signed token (JWT)": (JWT,),
    "a user name with a password": ("Basic " + base64.b64encode(b"app:correct").decode(),),
    "a bearer token": ("Bearer abc123def",),
    "a password in a connection string": (
        "Server=db;Database=shop;User Id=app;Password=correct-horse;",
        "jdbc:postgresql://db/shop?user=app&password=correct-horse",
        "jdbc:sqlserver://db;databaseName=shop;PWD='correct-horse'",
        "host=db user=app password=correct-horse dbname=shop",
    ),
    "a password in a URL": ("postgres://app:correct@db:5432/app", "redis://:correct@cache"),
}


def test_every_form_has_its_samples() -> None:
    assert set(SAMPLES) == {form.name for form in FORMS}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_credential_is_known_by_its_form(name: str) -> None:
    assert [credential(text) for text in SAMPLES[name]] == [name] * len(SAMPLES[name])


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PUBLIC KEY-----",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_short",
        "glpat-short",
        "postgres://db:5432/app",
        "postgres://app:$(DB_PASSWORD)@db:5432/app",
        "postgres://app:${DB_PASSWORD}@db:5432/app",
        "postgres://app:<password>@db/app",
        "postgres://user:password@host/app",
        "amqp://app:xxxxx@mq",
        "https://r.example:5000/a",
        "jdbc:postgresql://db/shop?user=app&password=${DB_PASSWORD}",
        "jdbc:postgresql://db/shop?user=user&password=password",
        "Server=db;User Id=app;Password=<password>;",
        "host=db user=app password=$password",
        "connect(host=host, user=user, password=db_password)",
        "psql --host=db --password=correct-horse",
        "a;password=correct-horse",
        "https://a.example/reset?sig=a1B2&password=",
        "https://discord.com/api/webhooks/123/x",
        "shpat_short",
        "eyJhbGci.eyJ",
        "eyJub3QgYSBoZWFkZXJ9.eyJub3QgYSBoZWFkZXJ9.aaaaaaaaaaaaaaaaaaaaaaaa",
        "Basic authentication",
        "Bearer $TOKEN",
        "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    ],
)
def test_what_is_near_a_credential_is_none(text: str) -> None:
    assert credential(text) is None


@pytest.mark.parametrize(
    "name",
    [
        *("DB_PASSWORD", "password", "PGPASSWORD", "dbPassword1", "MYSQL_PWD", "db.passwd"),
        *("CLIENT_SECRET", "clientSecret", "SECRET", "SECRET_KEY_BASE", "AWS_SECRET_ACCESS_KEY"),
        *("API_KEY", "apiKey", "APIKEY", "AZURE_BATCH_KEY", "azurestorageaccountkey"),
        *("DB_PASS", "smtpPass", "mysql.pass"),
        *("GITHUB_TOKEN", "auth-token", "CREDENTIALS", "SSH_PASSPHRASE", "PRIVATE_KEY"),
    ],
)
def test_a_name_says_that_its_value_is_a_secret(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("SECRET_NAME", "SECRETS_PATH", "VAULT_SECRET_PATH", "TOKEN_FILE", "DB_PASSWORD_FILE"),
        *("USE_TOKEN", "ENABLE_PASSWORD", "MAX_TOKENS", "SECRET_NAMESPACE", "SECRET_STORE"),
        *("TOKEN_HEADER", "TOKEN_TTL", "secretKeyRef", "PASSWORD_POLICY", "AWS_SECRET_ARN"),
        *("IMAGE_PULL_SECRET", "TLS_SECRET", "SECRETARY", "TOKENIZERS_PARALLELISM", "GPG_KEY"),
        *("PROXY_PASS", "FIRST_PASS", "BYPASS", "PASS_COUNT", "DB_PASS_FILE"),
        *("KEYCLOAK_URL", "PATH", "cpwd1", "MONKEY", "x" * 1000 + "_password", ""),
    ],
)
def test_a_name_that_only_points_is_none_of_a_secret(name: str) -> None:
    assert not names_secret(name)


def test_where_objects_are_named_a_secret_alone_is_a_name() -> None:
    assert [names_value(n) for n in ("secret", "webhook-secret", "client-secret", "token")] == [
        *(False, False),
        *(True, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "${DB_PASSWORD}",
            "$(DB_PASSWORD)",
            "$DB_PASSWORD",
            "${A}:${B}",
            "{{ .Values.a }}",
            "{{hub\n a\n hub}}",
        ),
        *("op://vault/shop/password", "<path:secret/data/shop#password>", "<token>"),
        *("ref+vault://shop/db#password", "vault:secret/data/shop#password", "%DB_PASSWORD%"),
        *("ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]", "__DB_PASSWORD__", "#{DbPassword}#"),
        *("$dex.github.clientSecret", "$slack-token", "$shop-login:password"),
        *("arn:aws:secretsmanager:eu-west-1:123456789012:secret:a", "projects/a/secrets/b"),
        *("postgres://app:${DB_PASSWORD}@db:5432/app", " ${DB_PASSWORD}\n"),
    ],
)
def test_a_reference_holds_no_secret(text: str) -> None:
    assert is_reference(text)
    assert not is_open(text)


@pytest.mark.parametrize(
    "text",
    [
        *("correct-horse-${STAGE}", "correct-horse", "pa$$word", "$ecret", "op is nice", "a<b"),
        *("postgres://app:correct-${STAGE}@db", "${A" * 10, "hx" * 10_000),
    ],
)
def test_what_is_written_out_in_part_is_no_reference(text: str) -> None:
    assert not is_reference(text)
    assert is_open(text)


@pytest.mark.parametrize(
    "text", ["changeme", "CHANGE_ME", "replace-me", "your-token-here", "xxxxx", "*****", "TODO"]
)
def test_a_placeholder_holds_no_secret(text: str) -> None:
    assert is_placeholder(text)
    assert not is_open(text)


@pytest.mark.parametrize("text", ["", "/run/secrets/a", "3600", "10s", "true", "https://a.example"])
def test_a_path_a_number_and_an_address_are_none(text: str) -> None:
    assert not is_open(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("//r.example/:_authToken=0a1b2c3d4e", "a token of a package registry"),
        ("a=b\nDB_PASSWORD=hunter2\n", "a value of DB_PASSWORD"),
        ("DB_PASSWORD:supersecret", "a value of DB_PASSWORD"),
        ("spring.datasource.password=hunter2", "a value of spring.datasource.password"),
        ("db:\n  password: hunter2\n", "a value of password"),
        ("db:\n  - apiKey: 'hunter2'", "a value of apiKey"),
        ('{"user": "a", "clientSecret": "hunter2"}', "a value of clientSecret"),
        ("[smtp]\npassword = hunter2 \n", "a value of password"),
        ("url: 'postgres://app:hunter2@db'", "a password in a URL"),
        (
            f'{{"auths": {{"r.example": {{"auth": "{LOGIN}"}}}}}}',
            "a login of a registry",
        ),
    ],
)
def test_a_credential_is_found_inside_of_a_file(text: str, what: str) -> None:
    assert credential_in(text) == what


@pytest.mark.parametrize(
    "text",
    [
        *("//r.example/:_authToken=${NPM_TOKEN}", "password: ${DB_PASSWORD}", "password: ''"),
        *("# password: hunter2", ";password = hunter2", "// token: hunter2", "secret: shop-tls"),
        *("password = options.password", "token = get_token()", "passwordFile: hunter2"),
        *("the token: a short description of it", "password: string", '{"type": "password"}'),
        *("password: {{ .Values.password }}", "tokens: 4096", "existingSecret: shop-login"),
        *("A_PASSWORD=", 'A_PASSWORD="$(< a)"', "A_PASSWORD_FILE=/run/a", "password: abc"),
    ],
)
def test_what_a_file_only_says_about_secrets_is_none(text: str) -> None:
    assert credential_in(text) is None


@pytest.mark.parametrize(
    "part",
    [
        *("a", "{{", "a=b+", "eyJ-", "a://", "sk-", '"a":"', '"auth":"', "token "),
    ],
)
def test_no_text_takes_more_than_linear_time(part: str) -> None:
    text = part * (1_000_000 // len(part))
    marked = text + " PRIVATE KEY :// T3BlbkFJ Q~ .atlasv1. eyJ npm_ SG. _v1_ earer :AA"
    start = time.process_time()
    assert credential_in(marked) is None
    assert is_open(marked)
    assert time.process_time() - start < 3
