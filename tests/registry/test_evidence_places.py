"""Evidence that is not beside the image: another repository, a mirror's origin, GitHub's store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from gate.cli.reads.places import Access, open_registry
from gate.model.evidence import Attached, PlaceNote, Storage, Unread
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.registry.attempt import Told
from gate.registry.client import RegistryClient
from gate.registry.configuration import GitHubStore, RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.write.publish import RepositoryPublisher
from tests.builders.reviews import NOW
from tests.fakes.github import FakeGitHub
from tests.fakes.registry import FakeRegistry, Reply
from tests.registry.conftest import FAST

BUNDLE = b'{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}'
OTHER = b'{"mediaType":"application/vnd.dev.sigstore.bundle.v0.2+json"}'


@contextmanager
def client(*hosts: str, **said: object) -> Iterator[RegistryClient]:
    configuration = RegistryConfiguration(
        insecure_hosts=frozenset(hosts),
        bounds=FAST,
        **said,  # type: ignore[arg-type]  # as each test names them
    )
    exchange = Exchange(configuration, sleep=lambda _: None)
    with RegistryClient(configuration, exchange=exchange) as made:
        yield made


def about(fake: FakeRegistry, digest: Digest, name: str = "acme/shop") -> ResolvedImage:
    return ResolvedImage(ImageReference.parse(f"{fake.host}/{name}@{digest}"), digest)


def told(items: Iterator[Told]) -> list[tuple[object, ...]]:
    """Return what was yielded: content and place, or the code of what was not read."""
    found: list[tuple[object, ...]] = []
    for item in items:
        match item:
            case Attached():
                found.append((item.storage, item.content))
            case Unread():
                found.append((item.code, item.digest))
            case PlaceNote():
                found.append(("note", item.said))
    return found


# another repository


def test_evidence_in_another_repository_counts_beside_what_is_beside_the_image() -> None:
    with FakeRegistry() as upstream, FakeRegistry(referrers=False) as ours:
        digest = upstream.image("library/nginx", "1")
        upstream.attach("library/nginx", digest, BUNDLE)
        ours.attach("evidence", digest, OTHER)
        ours.cosign(
            "evidence", digest, ".att", [("application/vnd.dsse.envelope.v1+json", b"{}", {})]
        )
        place = {f"{upstream.host}/library": f"{ours.host}/evidence"}
        with client(upstream.host, ours.host, evidence=place) as asked:
            assert told(asked.attached(about(upstream, digest, "library/nginx"))) == [
                (Storage.REFERRERS, BUNDLE),
                (Storage.FALLBACK_TAG, OTHER),
                (Storage.ATT_TAG, b"{}"),
            ]


def test_the_same_bundle_in_both_places_counts_once() -> None:
    with FakeRegistry() as upstream, FakeRegistry() as ours:
        digest = upstream.image("library/nginx", "1")
        upstream.attach("library/nginx", digest, BUNDLE)
        ours.attach("evidence", digest, BUNDLE)
        place = {upstream.host: f"{ours.host}/evidence"}
        with client(upstream.host, ours.host, evidence=place) as asked:
            found = told(asked.attached(about(upstream, digest, "library/nginx")))
    assert found == [(Storage.REFERRERS, BUNDLE)]


def test_the_longest_name_decides_and_a_name_that_only_begins_alike_does_not() -> None:
    said = RegistryConfiguration(
        evidence={"docker.io": "a.example/all", "docker.io/library": "a.example/library"}
    )
    places = [
        said.evidence_place(ImageReference.parse(name))
        for name in ("nginx:1", "docker.io/librarian/x:1", "ghcr.io/library/nginx:1")
    ]
    assert places == [("a.example", "library"), ("a.example", "all"), None]


def test_a_place_that_does_not_answer_is_unread_and_never_taken_for_empty() -> None:
    with FakeRegistry() as upstream, FakeRegistry() as ours:
        digest = upstream.image("library/nginx", "1")
        ours.script("GET /v2/evidence/", Reply(403), forever=True)
        place = {upstream.host: f"{ours.host}/evidence"}
        with client(upstream.host, ours.host, evidence=place) as asked:
            found = told(asked.attached(about(upstream, digest, "library/nginx")))
    assert {code for code, _ in found} == {"denied"}


def test_what_gate_writes_goes_there_and_nothing_goes_to_the_image() -> None:
    with FakeRegistry() as upstream, FakeRegistry(referrers=False) as ours:
        digest = upstream.image("library/nginx", "1")
        image = about(upstream, digest, "library/nginx")
        place = {upstream.host: f"{ours.host}/evidence"}
        with client(upstream.host, ours.host, evidence=place) as asked:
            RepositoryPublisher(asked).push_bundle(
                image, BUNDLE, predicate_type="https://acme.example/x", created=NOW
            )
            assert asked.kept_at(image) == f"{ours.host}/evidence"
            assert told(asked.attached(image)) == [(Storage.FALLBACK_TAG, BUNDLE)]
            assert [a.content for a in asked.attached_in_order(image)] == [BUNDLE]
    assert upstream.asked("^(PUT|POST|DELETE)") == 0


# a mirror and its origin


def test_a_mirror_without_a_list_is_named() -> None:
    with FakeRegistry(referrers=False) as mirror:
        digest = mirror.image("hub/acme/shop", "1")
        image = ResolvedImage(ImageReference.parse(f"origin.example/acme/shop@{digest}"), digest)
        with client(mirror.host, mirrors={"origin.example": f"{mirror.host}/hub"}) as asked:
            ((kind, said),) = told(asked.attached(image))
    assert kind == "note"
    assert str(said).startswith(f"it was read through the mirror {mirror.host}/hub, which has no")


def test_a_mirror_with_a_list_needs_no_word() -> None:
    with FakeRegistry() as mirror:
        digest = mirror.image("hub/acme/shop", "1")
        image = ResolvedImage(ImageReference.parse(f"origin.example/acme/shop@{digest}"), digest)
        with client(mirror.host, mirrors={"origin.example": f"{mirror.host}/hub"}) as asked:
            assert told(asked.attached(image)) == []


def test_the_origin_is_asked_for_evidence_where_the_file_says_so() -> None:
    with FakeRegistry(referrers=False) as mirror, FakeRegistry() as origin:
        digest = origin.image("acme/shop", "1")
        mirror.image("acme/shop", "1")
        origin.attach("acme/shop", digest, BUNDLE)
        with client(
            mirror.host,
            origin.host,
            mirrors={origin.host: mirror.host},
            evidence_at_origin=frozenset({origin.host}),
        ) as asked:
            assert told(asked.attached(about(origin, digest))) == [(Storage.REFERRERS, BUNDLE)]
    assert origin.asked(f"GET /v2/acme/shop/manifests/{digest}") == 0


# GitHub's store


@contextmanager
def at_github(
    github: FakeGitHub, fake: FakeRegistry, owner: str = "acme", token: str = ""
) -> Iterator[RegistryClient]:
    store = GitHubStore(api=f"http://{github.host}", owners={fake.host: owner}, token=token)
    with client(github.host, fake.host, github=store) as asked:
        yield asked


@pytest.mark.parametrize("owner", ["acme", "acme/shop"])
def test_bundles_at_github_are_attached_on_every_page(fake: FakeRegistry, owner: str) -> None:
    digest = fake.image("acme/shop", "1")
    with FakeGitHub(page=2) as github:
        github.attest("acme/shop", digest, *({"number": n} for n in range(5)))
        with at_github(github, fake, owner) as asked:
            assert told(asked.attached(about(fake, digest))) == [
                (Storage.GITHUB, b'{"number":%d}' % n) for n in range(5)
            ]


def test_what_github_hides_is_unread_without_a_token_and_noted_with_one(
    fake: FakeRegistry,
) -> None:
    digest = fake.image("acme/shop", "1")
    with FakeGitHub(token="t") as github:
        with at_github(github, fake) as asked:
            assert told(asked.attached(about(fake, digest))) == [("denied", None)]
        with at_github(github, fake, token="t") as asked:
            ((kind, said),) = told(asked.attached(about(fake, digest)))
        assert (kind, said) == (
            "note",
            f"{github.host} shows no attestation of acme about it to this login",
        )


def test_the_token_opens_what_is_private(fake: FakeRegistry) -> None:
    digest = fake.image("acme/shop", "1")
    with FakeGitHub(token="t", private=True) as github:
        github.attest("acme/shop", digest, {"a": 1})
        with at_github(github, fake, token="t") as asked:
            assert told(asked.attached(about(fake, digest))) == [(Storage.GITHUB, b'{"a":1}')]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(401), "denied"),
        (Reply(403), "denied"),
        (Reply(403, {"x-ratelimit-remaining": "0"}), "rate-limited"),
        (Reply(429), "rate-limited"),
        (Reply(500), "unexpected-status"),
        (Reply(204), "unexpected-status"),
        (Reply(200, {}, b"[]"), "malformed-answer"),
        (Reply(200, {}, b"{}"), "malformed-answer"),
        (Reply(200, {}, b'{"attestations":[{"bundle":null}]}'), "malformed-answer"),
        (Reply(200, {}, b'{"attestations":["a"]}'), "malformed-answer"),
        (
            Reply(200, {}, b'{"attestations":[{"bundle_url":"ftp://e.example/x"}]}'),
            "malformed-answer",
        ),
        (
            Reply(200, {"link": '<https://e.example/>; rel="next"'}, b'{"attestations":[]}'),
            "redirect-refused",
        ),
    ],
)
def test_an_answer_of_github_that_is_no_list_is_unread(
    fake: FakeRegistry, reply: Reply, code: str
) -> None:
    digest = fake.image("acme/shop", "1")
    with FakeGitHub(token="t") as github, at_github(github, fake, token="t") as asked:
        github.script("^GET /orgs/", reply, forever=True)
        assert told(asked.attached(about(fake, digest))) == [(code, None)]


def test_the_token_goes_to_the_api_alone_and_to_no_host_that_it_sends_us_to(
    fake: FakeRegistry,
) -> None:
    digest = fake.image("acme/shop", "1")
    with FakeGitHub(token="t") as github, FakeRegistry() as other:
        moved = Reply(302, {"location": f"http://{other.host}/elsewhere"})
        github.script("^GET /orgs/", moved, forever=True)
        store = GitHubStore(api=f"http://{github.host}", owners={fake.host: "acme"}, token="t")
        with client(github.host, fake.host, other.host, github=store) as asked:
            list(asked.attached(about(fake, digest)))
    assert {r.headers.get("authorization") for r in github.requests} == {"Bearer t"}
    assert [r.headers.get("authorization") for r in other.requests] == [None]
    assert {r.headers.get("authorization") for r in fake.requests} == {None}


BLOCK = b"\x0a\x04ab\x11\x02"
"""`ab` and then eight bytes from two before: `ababababab`."""


def test_a_bundle_that_github_keeps_elsewhere_is_fetched_without_the_token(
    fake: FakeRegistry,
) -> None:
    digest = fake.image("acme/shop", "1")
    with FakeGitHub(token="t") as github, FakeRegistry() as store:
        place = f"http://{store.host}/attestations/1.json.sn?sig=secret"
        page = {"attestations": [{"bundle": None, "bundle_url": place}]}
        github.script("^GET /orgs/", Reply(200, {}, json.dumps(page).encode()), forever=True)
        store.script("1.json.sn", Reply(200, {}, BLOCK), Reply(403), Reply(200, {}, b"\x05"))
        said = GitHubStore(api=f"http://{github.host}", owners={fake.host: "acme"}, token="t")
        with client(github.host, fake.host, store.host, github=said) as asked:
            found = [told(asked.attached(about(fake, digest))) for _ in range(3)]
    assert found == [
        [(Storage.GITHUB, b"ababababab")],
        [("unexpected-status", None)],
        [("malformed-answer", None)],
    ]
    assert [r.headers.get("authorization") for r in store.requests] == [None] * 3


def test_the_account_of_an_image_at_ghcr_is_in_its_name_and_others_are_named() -> None:
    store = GitHubStore(api="https://api.github.com", owners={"docker.io/acme": "acme/shop"})
    names = ("ghcr.io/octo/a/b:1", "docker.io/acme/shop:1", "docker.io/other/shop:1", "nginx:1")
    owners = [store.owner(ImageReference.parse(name)) for name in names]
    assert owners == ["octo", "acme/shop", None, None]


FILE = 'github: {{api: "{api}", owners: {{docker.io/acme: acme}}}}\n'
JOB = {"GITHUB_TOKEN": "job", "GH_ENTERPRISE_TOKEN": "own"}


@pytest.mark.parametrize(
    ("api", "environ", "token"),
    [
        ("https://api.github.com", JOB, "job"),
        ("https://api.github.com/", JOB | {"GH_TOKEN": "mine"}, "mine"),
        ("https://ghe.example/api/v3", JOB, "own"),
        (
            "https://ghe.example/api/v3",
            JOB | {"GITHUB_API_URL": "https://ghe.example/api/v3"},
            "job",
        ),
        ("https://api.github.com", {"GITHUB_API_URL": "https://ghe.example/api/v3", **JOB}, "own"),
        ("https://evil.example", {"GITHUB_TOKEN": "job"}, ""),
        ("https://api.github.com", {}, ""),
    ],
)
def test_a_jobs_token_is_for_the_api_of_the_job(
    tmp_path_factory: pytest.TempPathFactory, api: str, environ: Mapping[str, str], token: str
) -> None:
    file = tmp_path_factory.mktemp("r") / "registries.yaml"
    file.write_text(FILE.format(api=api))
    registry, _ = open_registry(Access(registries=str(file), environ=environ))
    registry.close()
    github = registry.client.configuration.github
    assert github is not None
    assert (github.token, "token" in repr(github)) == (token, False)
