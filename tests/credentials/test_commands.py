"""What commands are told: secrets in the open, and what only looks like one."""

from __future__ import annotations

import time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.credentials.commands import option_in, secrets_in

TOKEN: Final = "abcdef0123456789"
PAIR: Final = "a user name with a password"
HEADER: Final = "a value of the header"


def _shell(text: str) -> list[str]:
    return ["sh", "-c", text]


@pytest.mark.parametrize(
    ("words", "place", "what"),
    [
        (["curl", "-u", "admin:hunter2pw", "https://a"], 2, PAIR),
        (["curl", "--user=admin:hunter2pw"], 1, PAIR),
        (["curl", "-uadmin:hunter2pw"], 1, PAIR),
        (_shell("curl -sfu admin:hunter2pw https://a"), 2, PAIR),
        (_shell("x && curl \\\n --user 'a:hunter2pw' b"), 2, PAIR),
        (_shell("until /usr/bin/curl -u a:hunter2pw b; do :; done"), 2, PAIR),
        (["curl", "https://admin:hunter2pw@a.example"], 1, "a password in a URL"),
        (_shell(f"curl -H 'Authorization: Bearer {TOKEN}' b"), 2, f"{HEADER} Authorization"),
        (["curl", "--header", f"X-Api-Key: {TOKEN}"], 2, f"{HEADER} X-Api-Key"),
        (_shell(f"wget --header='PRIVATE-TOKEN: {TOKEN}' b"), 2, f"{HEADER} PRIVATE-TOKEN"),
        (_shell("mysqladmin ping -uroot -phunter2pw"), 2, "a password"),
        (["mongosh", "-u", "root", "-p", "hunter2pw"], 4, "a password"),
        (_shell("redis-cli -a hunter2pw ping"), 2, "a password"),
        (["redis-server", "--requirepass", "hunter2pw"], 2, "a password"),
        (_shell("sshpass -p hunter2pw ssh a"), 2, "a password"),
        (_shell("docker login -u me -p hunter2pw a.example"), 2, "a password"),
        (_shell("ldapsearch -x -w hunter2pw"), 2, "a password"),
        (_shell("app --db-password hunter2pw --verbose"), 2, "a secret"),
        (_shell('app --db-password="hunter2pw"'), 2, "a secret"),
        (_shell("echo a; PGPASSWORD=hunter2pw psql"), 2, "a value of PGPASSWORD"),
        (["kubectl", "--from-literal=password=hunter2pw"], 1, "a value of password"),
        (["password=hunter2pw"], 0, "a value of password"),
    ],
)  # fmt: skip
def test_a_secret_in_the_open_is_told_with_its_place(
    words: list[str], place: int, what: str
) -> None:
    assert list(secrets_in(words)) == [(place, what)]


@pytest.mark.parametrize(
    "words",
    [
        ["curl", "-u", "$(USER):$(PASSWORD)", "https://a"],
        _shell("curl -u $USER:$PASSWORD b"),
        _shell('curl -u "elastic:${pw}" b'),
        _shell("curl -u elastic:$(cat /run/secrets/pw) b"),
        _shell("curl -u elastic:`cat /run/pw` b"),
        _shell("curl -u admin: b; curl -u : --negotiate b"),
        _shell("curl -u user:password b; curl -u '<user>:<password>' b"),
        _shell("curl --user-agent me:too b"),
        _shell("docker run -u 1000:1000 a"),
        _shell("docker run -p 8080:80 a; ssh -p 2222 a; mkdir -p /a/b"),
        _shell("mysql -h db -P 3306 -p; mysqladmin ping -p$MYSQL_ROOT_PASSWORD"),
        _shell('redis-cli -a "$REDIS_PASSWORD" ping; redis-cli -p 6379'),
        _shell("kubectl --user system:admin get pods"),
        _shell('curl -H "Authorization: Bearer $(cat /var/run/token)" b'),
        _shell('curl -H "Authorization: Bearer $TOKEN" -H "Accept: text/plain" b'),
        _shell("app --token-file /a --password-file=/b --password-stdin --token $t"),
        _shell("# curl -u admin:hunter2pw b"),
        ["--authorization-mode=RBAC", "--user", "system:admin"],
        ["password=changeme", "token=optional"],
    ],
)
def test_a_reference_a_placeholder_and_another_option_are_no_secret(words: list[str]) -> None:
    assert list(secrets_in(words)) == []


def test_who_gets_the_words_may_be_named_beside_them() -> None:
    words = ["-u", "admin:hunter2pw", "https://a"]
    assert list(secrets_in(words)) == []
    assert list(secrets_in(words, "curl")) == [(1, PAIR)]


def test_a_text_of_options_holds_a_secret_where_one_of_them_does() -> None:
    assert option_in("-Xmx1g -Ddb.password=hunter2pw")
    assert option_in("--password=hunter2pw")
    assert not option_in("-Xmx1g -Ddb.password=${DB_PASSWORD} -Dfile.encoding=UTF-8")


@pytest.mark.parametrize(
    "part", ["'", '"', '\\"', "${", "$(", "`", "-p ", "a=", "curl -u ", "#", "{"]
)
def test_a_long_text_takes_time_that_grows_with_it_alone(part: str) -> None:
    text = " " + part * (60_000 // len(part))
    begun = time.process_time()
    list(secrets_in(["mysql", text]))
    assert time.process_time() - begun < 5


@given(st.lists(st.text("curl-uHp:='\"\\$({`})#;| \n\t1a.", max_size=40), max_size=4))
def test_any_words_are_cut_and_each_is_told_of_at_most_once(words: list[str]) -> None:
    places = [place for place, _ in secrets_in(["curl", *words])]
    assert sorted(set(places)) == sorted(places)
    assert set(places) <= set(range(len(words) + 1))
