"""Which host is asked, and which host hears credentials: R216 to R220, R231 to R238, R244."""

from __future__ import annotations

import base64
import ipaddress
import threading
from pathlib import Path

import pytest

from gate.errors import RegistryError, UsageError
from gate.model.image import ImageReference
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http import transport
from gate.registry.http.addresses import is_public, look_up
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpQuestion
from gate.registry.http.url import Url
from gate.registry.login.credentials import Login, NamedLogins
from gate.registry.proxies import Proxies
from tests.builders.cosign_publisher import CosignPublisher
from tests.builders.registries import attached, attached_code, code_of, found_and_unread, read, shop
from tests.fakes.registry import OCI_INDEX, FakeRegistry, Reply, encode, error
from tests.registry.conftest import FAST, ClientOf

ALICE = ("alice", "correct horse")
BASIC = f"Basic {base64.b64encode(b'alice:correct horse').decode()}"


def logins(*hosts: str) -> NamedLogins:
    return NamedLogins({host: Login(username=ALICE[0], password=ALICE[1]) for host in hosts})


def secrets_heard(fake: FakeRegistry) -> list[str]:
    return [r.line for r in fake.requests if "authorization" in r.headers]


def test_basic_credentials_go_to_the_host_that_asks_for_them(client_of: ClientOf) -> None:
    with FakeRegistry(login=ALICE) as fake:
        digest = fake.image("acme/shop", "1.0")
        assert client_of(fake.host, logins=logins(fake.host)).resolve(shop(fake)).digest == digest
        assert code_of(client_of(fake.host), shop(fake)) == "denied"


def test_a_refusal_says_whether_a_login_is_known_for_the_registry(client_of: ClientOf) -> None:
    with FakeRegistry(login=ALICE) as fake:
        fake.image("acme/shop", "1.0")
        mallory = NamedLogins({fake.host: Login(username="mallory", password="guess")})
        for known, said in ((None, "and no"), (mallory, "though a")):
            client = client_of(fake.host, logins=known) if known else client_of(fake.host)
            with pytest.raises(RegistryError, match=f", {said} login is known for {fake.host} "):
                client.resolve(shop(fake))


def test_a_token_is_fetched_once_for_each_repository_and_scopes_do_not_pile_up_r220(
    client_of: ClientOf,
) -> None:
    with FakeRegistry(login=ALICE, tokens=True) as fake:
        names = ("acme/shop", "acme/cart")
        for name in names:
            fake.attach(name, fake.image(name, "1.0"), b"bundle")
        client = client_of(fake.host, logins=logins(fake.host))
        for name in names:
            image = client.resolve(ImageReference.parse(f"{fake.host}/{name}:1.0"))
            assert len(read(client.attached(image))) == 1
        scopes = [r.path.partition("scope=")[2] for r in fake.requests if "/token" in r.path]
        assert scopes == ["repository%3Aacme%2Fshop%3Apull", "repository%3Aacme%2Fcart%3Apull"]


def test_an_anonymous_token_is_fetched_without_credentials(client_of: ClientOf) -> None:
    with FakeRegistry(tokens=True) as fake:
        digest = fake.image("acme/shop", "1.0")
        assert client_of(fake.host).resolve(shop(fake)).digest == digest
        assert [r.path.split("?")[0] for r in fake.requests] == [
            "/v2/acme/shop/manifests/1.0",
            "/token",
            "/v2/acme/shop/manifests/1.0",
        ]


@pytest.mark.parametrize("life", [0, 1, None, -5])
def test_r216_a_token_that_runs_out_is_renewed_before_it_is_used(
    client_of: ClientOf, life: int | None
) -> None:
    with FakeRegistry(tokens=True, token_life=life) as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.attach("acme/shop", digest, b"bundle")
        assert len(attached(client_of(fake.host), fake)) == 1
        assert (fake.asked("/token") > 2) == (life in (0, -5))


@pytest.mark.parametrize(
    "answer", [{}, {"token": ""}, {"token": 5}, {"token": "a b"}, {"token": "a\r\nx: y"}, []]
)
def test_r216_an_answer_without_a_usable_token_is_denied_or_malformed(
    client_of: ClientOf, answer: object
) -> None:
    with FakeRegistry(tokens=True) as fake:
        fake.script("/token", Reply(200, {}, encode(answer)), forever=True)
        assert code_of(client_of(fake.host), shop(fake)) in {"denied", "malformed-answer"}


def test_r216_a_token_may_be_called_access_token(client_of: ClientOf) -> None:
    with FakeRegistry(login=None) as fake:
        digest = fake.image("acme/shop", "1.0")
        challenge = {"www-authenticate": f'Bearer realm="http://{fake.host}/token"'}
        fake.script("manifests", Reply(401, challenge))
        fake.script("/token", Reply(200, {}, encode({"access_token": "t"})))
        assert client_of(fake.host).resolve(shop(fake)).digest == digest
        assert fake.requests[-1].headers["authorization"] == "Bearer t"


def test_r216_a_token_over_its_bound_is_not_read(client_of: ClientOf) -> None:
    with FakeRegistry(tokens=True) as fake:
        fake.script("/token", Reply(200, {}, b" " * 200_000), forever=True)
        assert code_of(client_of(fake.host), shop(fake)) == "too-large"


def test_r217_a_token_that_expired_early_is_renewed_once(client_of: ClientOf) -> None:
    with FakeRegistry(tokens=True) as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.attach("acme/shop", digest, b"bundle")
        client = client_of(fake.host)
        image = client.resolve(shop(fake))
        fake.revoked.add("token-0")
        assert len(read(client.attached(image))) == 1
        assert fake.asked("/token") == 2


@pytest.mark.parametrize("status", [400, 403])
def test_r218_an_expired_token_answered_with_another_status_is_renewed_once(
    client_of: ClientOf, status: int
) -> None:
    with FakeRegistry(tokens=True) as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.attach("acme/shop", digest, b"bundle")
        said = "Your Authorization Token is invalid."
        fake.script("GET .*blobs", error(status, "DENIED", said))
        assert len(attached(client_of(fake.host), fake)) == 1
        assert fake.asked("/token") == 2


def test_r218_a_plain_refusal_is_not_taken_for_an_expired_token(client_of: ClientOf) -> None:
    with FakeRegistry(tokens=True) as fake:
        fake.image("acme/shop", "1.0")
        fake.script("referrers", error(403, "DENIED", "not yours"), forever=True)
        assert attached_code(client_of(fake.host), fake) == "denied"
        assert fake.asked("/token") == 1


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        "Bearer",
        'Bearer service="x"',
        "Negotiate",
        'Digest realm="x"',
        'Bearer realm="ftp://x/"',
    ],
)
def test_r219_a_challenge_that_cannot_be_answered_is_denied(
    fake: FakeRegistry, client_of: ClientOf, challenge: str
) -> None:
    fake.script("manifests", Reply(401, {"www-authenticate": challenge}), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "denied"
    assert fake.asked("") == 1


def test_r219_a_registry_that_refuses_every_token_is_asked_twice(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    challenge = {"www-authenticate": f'Bearer realm="http://{fake.host}/token",service="s"'}
    fake.script("manifests", Reply(401, challenge), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "denied"
    assert fake.asked("manifests") == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_r231_a_redirect_to_another_host_is_followed_without_credentials(
    client_of: ClientOf, status: int
) -> None:
    with FakeRegistry(login=ALICE) as fake, FakeRegistry() as store:
        digest = fake.image("acme/shop", "1.0")
        fake.attach("acme/shop", digest, b"bundle")
        store.script("GET /stored", Reply(200, {}, b"bundle"))
        place = {"location": f"http://{store.host}/stored?signature=1"}
        fake.script("GET .*blobs", Reply(status, place))
        client = client_of(fake.host, store.host, logins=logins(fake.host, store.host))
        assert [a.content for a in attached(client, fake)] == [b"bundle"]
        assert store.asked("/stored") == 1
        assert secrets_heard(store) == []


def test_r231_no_more_redirects_are_followed_than_the_bound(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.script("GET", Reply(302, {"location": "/around"}), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "redirect-refused"
    assert fake.asked("") == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://registry.example/x",
        "HTTP://registry.example/x",
        "ftp://registry.example/x",
        "file:///etc/passwd",
        "https://user:secret@registry.example/x",
        "https://",
        "https://registry.example:99999/x",
        "https://ghcr\u3002io/",
        "https://good.example\\@evil.example/",
        "",
        "x" * 9000,
    ],
)
def test_r231_r240_a_redirect_that_is_not_plain_https_is_refused(
    fake: FakeRegistry, client_of: ClientOf, location: str
) -> None:
    header = location.encode().decode("latin-1")
    fake.script("manifests", Reply(302, {"location": header}), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "redirect-refused"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:1", "[::1]:1", "10.0.0.1", "169.254.169.254", "127.1", "2130706433", "0x7f.1"],
)
def test_r236_a_redirect_to_a_private_address_is_refused(
    fake: FakeRegistry, client_of: ClientOf, host: str
) -> None:
    fake.script("manifests", Reply(302, {"location": f"https://{host}/"}), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "address-refused"


def test_r232_credentials_do_not_go_to_a_token_server_on_another_host(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    with FakeRegistry() as other:
        challenge = {"www-authenticate": f'Bearer realm="http://{other.host}/token",service="s"'}
        fake.script("manifests", Reply(401, challenge))
        digest = fake.image("acme/shop", "1.0")
        client = client_of(fake.host, other.host, logins=logins(fake.host, other.host))
        assert client.resolve(shop(fake)).digest == digest
        assert other.asked("/token") == 1
        assert secrets_heard(other) == []


def test_r232_a_token_server_that_the_call_names_hears_the_registrys_credentials(
    fake: FakeRegistry,
) -> None:
    with FakeRegistry() as other:
        challenge = {"www-authenticate": f'Bearer realm="http://{other.host}/token",service="s"'}
        fake.script("manifests", Reply(401, challenge))
        fake.image("acme/shop", "1.0")
        configuration = RegistryConfiguration(
            insecure_hosts=frozenset((fake.host, other.host)),
            realms={fake.host: frozenset((other.host,))},
            bounds=FAST,
        )
        with RegistryClient(configuration, logins=logins(fake.host)) as client:
            client.resolve(shop(fake))
        assert [r.headers["authorization"] for r in other.requests] == [BASIC]


def test_r232_the_error_says_when_credentials_were_kept_from_a_token_server(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    with FakeRegistry() as other:
        other.script("/token", Reply(401), forever=True)
        challenge = {"www-authenticate": f'Bearer realm="http://{other.host}/token",service="s"'}
        fake.script("manifests", Reply(401, challenge), forever=True)
        client = client_of(fake.host, other.host, logins=logins(fake.host))
        with pytest.raises(RegistryError, match="were not sent there") as caught:
            client.resolve(shop(fake))
        assert caught.value.code == "denied"
        assert caught.value.remedy.endswith(f"token-servers: {{'{fake.host}': ['{other.host}']}}")


@pytest.mark.parametrize(
    "realm",
    [
        "http://registry.example/token",
        "https://u:p@registry.example/token",
        "/\x01",
        "javascript:x",
    ],
)
def test_r232_a_token_server_that_is_not_https_is_refused(
    fake: FakeRegistry, client_of: ClientOf, realm: str
) -> None:
    fake.script(
        "manifests", Reply(401, {"www-authenticate": f'Bearer realm="{realm}"'}), forever=True
    )
    assert code_of(client_of(fake.host, logins=logins(fake.host)), shop(fake)) == "denied"


@pytest.mark.parametrize(
    "host",
    ["azurecr.io.evil.example", "evil-azurecr.io", "azurecr.io:444", "io", "xazurecr.io", ""],
)
def test_r233_credentials_belong_to_one_host_exactly(host: str) -> None:
    assert logins("azurecr.io").find(host, "acme/shop") is None
    assert logins("azurecr.io").find("azurecr.io", "acme/shop") is not None


def test_a_login_may_be_for_whole_segments_of_a_path() -> None:
    found = logins("registry.example/acme")
    assert found.find("registry.example", "acme/shop") is not None
    assert found.find("registry.example", "acme-evil/shop") is None


def test_r234_a_challenge_by_a_redirect_target_is_not_answered(client_of: ClientOf) -> None:
    with FakeRegistry(login=ALICE) as fake, FakeRegistry(login=ALICE) as store:
        digest = fake.image("acme/shop", "1.0")
        fake.attach("acme/shop", digest, b"bundle")
        fake.script("GET .*blobs", Reply(307, {"location": f"http://{store.host}/x"}), forever=True)
        client = client_of(fake.host, store.host, logins=logins(fake.host, store.host))
        assert attached_code(client, fake) == "denied"
        assert secrets_heard(store) == []


@pytest.mark.parametrize("location", ["http://{other}/v2/x", "https://127.0.0.1/x", "", "//x/y"])
def test_r235_an_upload_to_another_place_is_refused(
    fake: FakeRegistry, client_of: ClientOf, location: str
) -> None:
    with FakeRegistry() as other:
        fake.image("acme/shop", "1.0")
        place = location.format(other=other.host)
        fake.script("POST", Reply(202, {"location": place}), forever=True)
        client = client_of(fake.host, other.host)
        image = client.resolve(shop(fake))
        with pytest.raises(RegistryError) as caught:
            CosignPublisher(client).push_signature_legacy(image, b"payload", annotations={})
        assert caught.value.code == "redirect-refused"
        assert other.requests == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "192.0.0.192", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1"),  # noqa: S104  # refused
        *("fc00::1", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "ff02::1"),
        *("64:ff9b:1::1", "fec0::1", "::ffff:10.0.0.1"),
    ],
)
def test_r236_addresses_that_are_not_public_are_known(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["140.82.112.33", "2606:50c0:8000::153", "8.8.8.8"])
def test_r236_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhost"])
def test_r236_what_the_system_reads_as_an_address_is_resolved_before_it_is_checked(
    host: str,
) -> None:
    assert not any(is_public(address) for address in look_up(host, 443, 5))


@pytest.mark.parametrize(
    "text", ["169.254.169.254/x", "localhost:5000/x", "[::1]:5000/x", "127.1/x"]
)
def test_r236_an_image_at_a_private_address_is_refused(client_of: ClientOf, text: str) -> None:
    assert code_of(client_of(), ImageReference.parse(text)) == "address-refused"


@pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"])
def test_r176_plain_http_is_for_exactly_the_hosts_that_are_named(host: str) -> None:
    configuration = RegistryConfiguration(insecure_hosts=frozenset(("127.0.0.1", "localhost")))
    assert configuration.origin(host) == f"https://{host}"


def test_r237_the_address_that_was_checked_is_the_one_that_is_connected_to(
    fake: FakeRegistry, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = fake.host.partition(":")[2]
    asked: list[str] = []

    def once(host: str, _port: int, _seconds: float) -> tuple[ipaddress.IPv4Address]:
        asked.append(host)
        return (ipaddress.IPv4Address("127.0.0.1"),)

    monkeypatch.setattr(transport, "look_up", once)
    digest = fake.image("acme/shop", "1.0")
    client = client_of(f"registry.example:{port}")
    reference = ImageReference.parse(f"registry.example:{port}/acme/shop:1.0")
    assert client.resolve(reference).digest == digest
    assert asked == ["registry.example"]
    assert fake.requests[0].headers["host"] == f"registry.example:{port}"


def test_r237_one_private_address_among_public_ones_is_enough_to_refuse(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (ipaddress.IPv4Address("8.8.8.8"), ipaddress.IPv4Address("127.0.0.1"))
    monkeypatch.setattr(transport, "look_up", lambda *_: both)
    reference = ImageReference.parse("registry.example/acme/shop:1.0")
    assert code_of(client_of(), reference) == "address-refused"


@pytest.mark.parametrize(
    "link",
    [
        '<https://evil.example/next>; rel="next"',
        '<//evil.example/next>; rel="next"',
        "</v2/next>",
        '</v2/next>; rel="prev"',
        "garbage",
        "",
        f'</{"x" * 9000}>; rel="next"',
    ],
)
def test_r238_a_list_that_continues_elsewhere_is_an_error(
    fake: FakeRegistry, client_of: ClientOf, link: str
) -> None:
    fake.image("acme/shop", "1.0")
    page = encode({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []})
    headers = {"content-type": OCI_INDEX, "link": link}
    fake.script("referrers", Reply(200, headers, page), forever=True)
    assert attached_code(client_of(fake.host), fake) == "redirect-refused"


def test_r238_pages_on_the_same_host_are_united(fake: FakeRegistry, client_of: ClientOf) -> None:
    fake.page = 2
    digest = fake.image("acme/shop", "1.0")
    for number in range(5):
        fake.attach("acme/shop", digest, b"%d" % number)
    assert sorted(a.content for a in attached(client_of(fake.host), fake)) == [
        b"%d" % number for number in range(5)
    ]
    assert fake.asked("referrers") == 3


def test_r244_a_proxy_is_used_when_it_is_given_and_not_because_the_environment_has_one(
    fake: FakeRegistry, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = fake.image("acme/shop", "1.0")
    with FakeRegistry() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        assert client_of(fake.host).resolve(shop(fake)).digest == digest
        assert proxy.requests == []
        proxy.script("GET", Reply(200, {}, fake.tagged("acme/shop", "1.0")))
        configuration = RegistryConfiguration(
            insecure_hosts=frozenset((fake.host,)),
            proxies=Proxies.from_environment({"http_proxy": f"http://{proxy.host}"}),
        )
        with RegistryClient(configuration) as client:
            assert client.resolve(shop(fake)).digest == digest
        assert [r.path for r in proxy.requests] == [
            f"http://{fake.host}/v2/acme/shop/manifests/1.0"
        ]


@pytest.mark.parametrize(
    ("exempt", "host", "direct"),
    [
        ("example.com", "registry.example.com", True),
        (".example.com", "registry.example.com", True),
        ("example.com", "example.com", True),
        ("example.com", "notexample.com", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("registry.example.com:443", "registry.example.com", True),
        ("registry.example.com:5000", "registry.example.com", False),
        ("*", "registry.example.com", True),
        ("", "registry.example.com", False),
    ],
)
def test_r244_no_proxy_names_hosts_suffixes_and_networks(
    exempt: str, host: str, *, direct: bool
) -> None:
    proxies = Proxies.from_environment({"HTTPS_PROXY": "http://p:1", "NO_PROXY": exempt})
    assert proxies.choose("https", host, 443) == (None if direct else "http://p:1")


def test_a_mirror_is_read_and_the_name_stays(fake: FakeRegistry) -> None:
    digest = fake.image("hub/library/nginx", "1.27")
    configuration = RegistryConfiguration(
        insecure_hosts=frozenset((fake.host,)), mirrors={"docker.io": f"{fake.host}/hub"}
    )
    with RegistryClient(configuration) as client:
        image = client.resolve(ImageReference.parse("nginx:1.27"))
    assert str(image) == f"docker.io/library/nginx@{digest}"


def test_r246_many_threads_share_one_token_and_few_connections(client_of: ClientOf) -> None:
    with FakeRegistry(tokens=True) as fake:
        for number in range(50):
            fake.image("acme/shop", f"{number}")
        client = client_of(fake.host)
        failures: list[BaseException] = []

        def resolve(number: int) -> None:
            try:
                client.resolve(ImageReference.parse(f"{fake.host}/acme/shop:{number}"))
            except RegistryError as problem:
                failures.append(problem)

        threads = [threading.Thread(target=resolve, args=(number,)) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert fake.asked("/token") == 1
        assert fake.asked("manifests") == 51


def test_a_client_certificate_that_cannot_be_read_is_a_wrong_call() -> None:
    configuration = RegistryConfiguration(ca_file=Path("/nonexistent"))
    with pytest.raises(UsageError) as caught:
        Exchange(configuration)
    assert caught.value.code == "certificate-unreadable"


def test_an_identity_token_is_exchanged_for_a_token(fake: FakeRegistry) -> None:
    digest = fake.image("acme/shop", "1.0")
    challenge = {"www-authenticate": f'Bearer realm="http://{fake.host}/token",service="s"'}
    fake.script("manifests", Reply(401, challenge))
    fake.script("POST /token", Reply(200, {}, encode({"access_token": "fresh"})))
    configuration = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)), bounds=FAST)
    known = NamedLogins({fake.host: Login(identity_token="refresh")})
    with RegistryClient(configuration, logins=known) as client:
        assert client.resolve(shop(fake)).digest == digest
    (exchange,) = [r for r in fake.requests if r.method == "POST"]
    assert exchange.body == (
        b"grant_type=refresh_token&client_id=gate&service=s"
        b"&scope=repository%3Aacme%2Fshop%3Apull&refresh_token=refresh"
    )
    assert fake.requests[-1].headers["authorization"] == "Bearer fresh"


def test_a_token_server_is_told_its_service_as_one_name_beside_what_its_url_says(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    realm = f"http://{fake.host}/token?account=a&service=old"
    challenge = {"www-authenticate": f'Bearer realm="{realm}",service="Acme Registry"'}
    fake.script("manifests", Reply(401, challenge))
    fake.script("GET /token", Reply(200, {}, encode({"token": "fresh"})))
    assert client_of(fake.host).resolve(shop(fake)).digest == digest
    (asked,) = [r.path for r in fake.requests if r.path.startswith("/token")]
    scope = "scope=repository%3Aacme%2Fshop%3Apull"
    assert asked == f"/token?account=a&service=Acme+Registry&{scope}"


def test_r231_credentials_do_not_return_by_way_of_another_host(client_of: ClientOf) -> None:
    with FakeRegistry(login=ALICE) as fake, FakeRegistry() as store:
        digest = fake.image("acme/shop", "1.0")
        fake.attach("acme/shop", digest, b"bundle")
        fake.script("GET .*blobs", Reply(307, {"location": f"http://{store.host}/x"}), forever=True)
        back = {"location": f"http://{fake.host}/v2/private/secret"}
        store.script("GET /x", Reply(307, back), forever=True)
        client = client_of(fake.host, store.host, logins=logins(fake.host))
        assert attached_code(client, fake) == "denied"
        returned = [r for r in fake.requests if r.path == "/v2/private/secret"]
        assert returned
        assert all("authorization" not in r.headers for r in returned)


@pytest.mark.parametrize("host", ["169.254.169.254", "127.1", "2130706433", "[::1]"])
def test_r236_a_proxy_is_not_asked_for_a_private_address(fake: FakeRegistry, host: str) -> None:
    configuration = RegistryConfiguration(proxies=Proxies(https=f"http://{fake.host}"), bounds=FAST)
    with RegistryClient(configuration) as client:
        reference = ImageReference.parse(f"{host}:4443/acme/shop:1.0")
        assert code_of(client, reference) == "address-refused"
    assert fake.requests == []


def test_a_question_does_not_show_what_it_carries() -> None:
    question = HttpQuestion(
        url=Url.parse("https://registry.example/"), authorization="Bearer x1", content=b"x2", most=1
    )
    assert "x1" not in repr(question)
    assert "x2" not in repr(question)


def test_the_host_that_a_registry_sends_us_to_is_named_where_it_refuses_or_does_not_answer(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.attach("acme/shop", digest, b"{}")
    with FakeRegistry() as store:
        fake.script("blobs", Reply(307, {"location": f"http://{store.host}/x"}), forever=True)
        store.script("GET", Reply(403), forever=True)
        client = client_of(fake.host, store.host)
        (_, (unread,)) = found_and_unread(client.attached(client.resolve(shop(fake))))
        sent = f"HTTP 403 from {store.host}, to which {fake.host} sent us"
        assert (unread.code, sent in unread.reason) == ("denied", True), unread.reason
        gone = store.host
    client = client_of(fake.host, gone)
    (_, (unread, *_)) = found_and_unread(client.attached(client.resolve(shop(fake))))
    assert unread.code == "unreachable"
    assert unread.reason.startswith(f"{fake.host} sends us to {gone}, which cannot be asked: ")
