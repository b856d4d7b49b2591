"""Statements that are taken off an image, on registries that delete and on those that do not."""

from __future__ import annotations

import pytest

from gate.errors import RegistryError
from gate.model.dsse import ENVELOPE_TYPE
from gate.model.evidence import Storage
from gate.model.image import Digest
from gate.registry.write.publish import RepositoryPublisher
from gate.registry.write.remove import Removal, Remover, Spot
from tests.builders.registries import read, shop
from tests.builders.reviews import NOW
from tests.fakes.registry import FakeRegistry, Reply
from tests.registry.conftest import ClientOf

TYPE = "https://acme.example/x"
OLD, NEW = b"old", b"new"


def filled(fake: FakeRegistry, client_of: ClientOf) -> tuple[Remover, Spot, dict[str, bytes]]:
    """Attach an old and a new bundle, each with its older form; return where the old one is."""
    fake.image("acme/shop", "1.0")
    client = client_of(fake.host)
    image = client.resolve(shop(fake))
    publisher = RepositoryPublisher(client)
    for content in (OLD, NEW):
        publisher.push_bundle(image, content, predicate_type=TYPE, created=NOW)
        publisher.push_attestation_legacy(image, content, predicate_type=TYPE)
    remover = Remover(client_of(fake.host))
    spots = {a.storage.value + a.content.decode(): s for s, a in remover.stored(image, {TYPE}, 9)}
    assert sorted(spots) == ["att-tagnew", "att-tagold", "referrersnew", "referrersold"]
    gone = [spots["referrersold"], spots["att-tagold"]]
    removed = remover.remove(Removal(image, gone, publisher.overwritten))
    fresh = client_of(fake.host)
    left = [(a.storage, a.content) for a in read(fresh.attached(fresh.resolve(shop(fake))))]
    return remover, gone[0], {"removed": repr(removed).encode(), "left": repr(left).encode()}


def test_what_is_known_to_be_new_is_not_fetched_again(client_of: ClientOf) -> None:
    with FakeRegistry() as fake:
        fake.image("acme/shop", "1.0")
        client = client_of(fake.host)
        image = client.resolve(shop(fake))
        publisher = RepositoryPublisher(client)
        manifests = []
        for content in (OLD, NEW):
            pushed = publisher.push_bundle(image, content, predicate_type=TYPE, created=NOW)
            publisher.push_attestation_legacy(image, content, predicate_type=TYPE)
            manifests.append(pushed)
        known = {manifests[1], Digest.of(NEW)}
        stored = list(Remover(client_of(fake.host)).stored(image, {TYPE}, 9, but=known))
        assert [attached.content for _, attached in stored] == [OLD, OLD]
        assert fake.asked(f"GET /v2/acme/shop/manifests/{manifests[1]}") == 0
        assert fake.asked(f"GET /v2/acme/shop/blobs/{Digest.of(NEW)}") == 0


@pytest.mark.parametrize("referrers", [True, False])
def test_what_is_removed_is_gone_and_all_else_is_there(
    client_of: ClientOf, *, referrers: bool
) -> None:
    with FakeRegistry(referrers=referrers) as fake:
        _, spot, found = filled(fake, client_of)
        place = Storage.REFERRERS if referrers else Storage.FALLBACK_TAG
        assert found["removed"] == b"Removed(gone=2, refused=0)"
        assert found["left"] == repr([(place, NEW), (Storage.ATT_TAG, NEW)]).encode()
        assert fake.asked(f"DELETE /v2/acme/shop/manifests/{spot.manifest}") == 1
        # The image, the new bundle, `.att`, and the tag in place of the referrers API.
        assert fake.stored("acme/shop")["manifests"] == (3 if referrers else 4)


def test_where_nothing_is_deleted_what_gate_lists_itself_is_off_its_lists(
    client_of: ClientOf,
) -> None:
    with FakeRegistry(referrers=False, deletes=False) as fake:
        _, _, found = filled(fake, client_of)
        assert found["removed"] == b"Removed(gone=2, refused=0)"
        left = [(Storage.FALLBACK_TAG, NEW), (Storage.ATT_TAG, NEW)]
        assert found["left"] == repr(left).encode()


def test_where_nothing_is_deleted_what_the_registry_lists_stays_and_is_counted(
    client_of: ClientOf,
) -> None:
    with FakeRegistry(deletes=False) as fake:
        _, _, found = filled(fake, client_of)
        assert found["removed"] == b"Removed(gone=1, refused=1)"
        left = [(Storage.REFERRERS, OLD), (Storage.REFERRERS, NEW), (Storage.ATT_TAG, NEW)]
        assert found["left"] == repr(left).encode()


def test_a_manifest_is_deleted_only_after_it_is_off_the_list(client_of: ClientOf) -> None:
    with FakeRegistry(referrers=False) as fake:
        _, spot, _ = filled(fake, client_of)
        lines = [request.line for request in fake.requests]
        deleted = lines.index(f"DELETE /v2/acme/shop/manifests/{spot.manifest}")
        written = [n for n, line in enumerate(lines) if line.startswith("PUT /v2/acme/shop/man")]
        assert max(written) < deleted


def test_the_last_layer_of_cosigns_image_stays(client_of: ClientOf) -> None:
    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.cosign("acme/shop", digest, ".att", [(ENVELOPE_TYPE, OLD, {"predicateType": TYPE})])
        client = client_of(fake.host)
        image = client.resolve(shop(fake))
        remover = Remover(client)
        ((spot, _),) = remover.stored(image, {TYPE}, 9)
        assert remover.remove(Removal(image, [spot])).gone == 0
        assert len(read(client.attached(image))) == 1


def test_a_registry_that_breaks_while_it_deletes_is_an_error(client_of: ClientOf) -> None:
    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        manifest = fake.attach("acme/shop", digest, OLD)
        fake.script("^DELETE", Reply(500), forever=True)
        client = client_of(fake.host)
        with pytest.raises(RegistryError) as caught:
            Remover(client).remove(Removal(client.resolve(shop(fake)), [Spot(manifest, None)]))
        assert caught.value.code == "unexpected-status"


def test_what_cannot_be_read_or_calls_itself_otherwise_is_not_found(client_of: ClientOf) -> None:
    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        told = {"dev.sigstore.bundle.predicateType": TYPE}
        lost = fake.attach("acme/shop", digest, OLD, annotations=told)
        fake.attach("acme/shop", digest, NEW)
        fake.script(f"GET .*manifests/{lost}", Reply(404), forever=True)
        client = client_of(fake.host)
        assert list(Remover(client).stored(client.resolve(shop(fake)), {TYPE}, 9)) == []
