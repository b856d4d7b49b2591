"""No answer of a registry brings its credentials to another host."""

from __future__ import annotations

import base64

from hypothesis import given, settings
from hypothesis import strategies as st

from gate.errors import RegistryError
from gate.model.image import ImageReference
from gate.registry.bounds import Bounds
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.login.credentials import Login, NamedLogins
from tests.fakes.registry import FakeRegistry, Reply

PASSWORD = "correct-horse-battery"  # what must be seen nowhere else
BASIC = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
FAST = Bounds(tries=2, try_seconds=5.0, request_seconds=5.0)
PATHS = ("GET .*/manifests/", "GET .*/blobs/", "GET .*/referrers/", "GET /token")

steps = st.lists(
    st.tuples(
        st.sampled_from(PATHS),
        st.sampled_from(("redirect", "realm", "link", "both")),
        st.sampled_from((301, 302, 303, 307, 308)),
        st.sampled_from(("", "user:x@", "{home}@", "{home}.")),
    ),
    min_size=1,
    max_size=4,
)


def answers(kind: str, status: int, place: str) -> Reply:
    """Return an answer that sends whoever asked to another place, in one way or more."""
    realm = f'Bearer realm="{place}/token",service="s"'
    match kind:
        case "redirect":
            return Reply(status, {"location": f"{place}/v2/x/manifests/1"})
        case "realm":
            return Reply(401, {"www-authenticate": realm})
        case "link":
            return Reply(200, {"link": f'<{place}/v2/x/referrers/y>; rel="next"'}, b"{}")
        case _:
            return Reply(401, {"location": place, "www-authenticate": realm})


@settings(max_examples=60)
@given(drawn=steps, tokens=st.booleans(), mirrored=st.booleans())
def test_credentials_go_to_the_host_that_they_are_for_and_to_no_other(
    drawn: list[tuple[str, str, int, str]], *, tokens: bool, mirrored: bool
) -> None:
    login = ("me", PASSWORD)
    with FakeRegistry(login=login, tokens=tokens) as home, FakeRegistry() as stranger:
        digest = home.image("acme/shop", "1.0")
        home.attach("acme/shop", digest, b"bundle")
        stranger.image("acme/shop", "1.0")
        for pattern, kind, status, before in drawn:
            place = f"http://{before.format(home=home.host)}{stranger.host}"
            home.script(pattern, answers(kind, status, place))
        configuration = RegistryConfiguration(
            insecure_hosts=frozenset((home.host, stranger.host)),
            mirrors={home.host: stranger.host} if mirrored else {},
            bounds=FAST,
        )
        client = RegistryClient(
            configuration,
            logins=NamedLogins({home.host: Login(username="me", password=PASSWORD)}),
            exchange=Exchange(configuration, sleep=lambda _: None),
        )
        try:
            tuple(
                client.attached(client.resolve(ImageReference.parse(f"{home.host}/acme/shop:1.0")))
            )
        except RegistryError:
            pass  # most of what is drawn is refused; what counts is what was sent
        finally:
            client.close()
        for request in stranger.requests:
            sent = f"{request.path} {dict(request.headers)} {request.body!r}"
            assert "authorization" not in request.headers, sent
            assert PASSWORD not in sent
            assert BASIC not in sent


def test_without_anything_drawn_the_credentials_reach_their_own_host() -> None:
    with FakeRegistry(login=("me", PASSWORD)) as home:
        home.image("acme/shop", "1.0")
        configuration = RegistryConfiguration(insecure_hosts=frozenset((home.host,)))
        logins = NamedLogins({home.host: Login(username="me", password=PASSWORD)})
        client = RegistryClient(configuration, logins=logins)
        client.resolve(ImageReference.parse(f"{home.host}/acme/shop:1.0"))
        client.close()
        assert f"Basic {BASIC}" in {r.headers.get("authorization") for r in home.requests}
