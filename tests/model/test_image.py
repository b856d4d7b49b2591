from __future__ import annotations

import pytest

from gate.model.image import Digest, ImageReference, Platform

HEX = "0123456789abcdef" * 4
SHA = f"sha256:{HEX}"


@pytest.mark.parametrize(
    "text",
    [
        "ubuntu",
        "library/ubuntu",
        "docker.io/ubuntu",
        "docker.io/library/ubuntu",
        "index.docker.io/ubuntu",
        "index.docker.io/library/ubuntu",
        "docker.io:443/ubuntu",
        "DOCKER.IO/library/ubuntu",
    ],
)
def test_r165_docker_hub_has_one_name(text: str) -> None:
    assert str(ImageReference.parse(text)) == "docker.io/library/ubuntu"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("example.com", "docker.io/library/example.com"),
        ("localhost", "docker.io/library/localhost"),
        ("docker.io.evil.com/library/nginx", "docker.io.evil.com/library/nginx"),
        ("localhost/x", "localhost/x"),
    ],
)
def test_r165_a_host_needs_a_path_after_it(text: str, name: str) -> None:
    assert ImageReference.parse(text).name == name


@pytest.mark.parametrize("text", ["[ns]ubuntu", "[ghcr.io]/acme/shop", "[]/x"])
def test_r165_brackets_hold_addresses_and_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        ImageReference.parse(text)


@pytest.mark.parametrize(
    "text", ["registry-1.docker.io/library/nginx", "mirror.gcr.io/library/nginx"]
)
def test_r166_mirrors_and_endpoints_are_registries_of_their_own(text: str) -> None:
    assert ImageReference.parse(text).name == text


@pytest.mark.parametrize("text", ["Docker/evil", "FOO/bar", "Foo/bar", "fOO/bar/baz"])
def test_r167_an_upper_case_first_part_is_no_docker_hub_path(text: str) -> None:
    with pytest.raises(ValueError, match="a registry host has a dot or a port"):
        ImageReference.parse(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ghcr.io:443/acme/shop", "ghcr.io/acme/shop"),
        ("GHCR.IO/acme/shop", "ghcr.io/acme/shop"),
        ("Ghcr.Io:0443/acme/shop", "ghcr.io/acme/shop"),
        ("ghcr.io:80/acme/shop", "ghcr.io:80/acme/shop"),
        ("ghcr.io:08443/acme/shop", "ghcr.io:8443/acme/shop"),
        ("registry:443/acme/shop", "registry:443/acme/shop"),
        ("[2001:DB8:0::1]:5000/shop", "[2001:db8::1]:5000/shop"),
        ("[2001:db8::1]:443/shop", "[2001:db8::1]/shop"),
    ],
)
def test_r168_a_host_has_one_spelling(text: str, name: str) -> None:
    assert ImageReference.parse(text).name == name


@pytest.mark.parametrize("text", ["ghcr.io./acme/shop", "ghcr.io.:443/acme/shop", ".ghcr.io/x"])
def test_r168_a_host_with_an_outer_dot_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a registry host"):
        ImageReference.parse(text)


def test_r169_a_tag_beside_a_digest_is_kept() -> None:
    reference = ImageReference.parse(f"ghcr.io/acme/shop:1.0@{SHA}")
    assert (reference.tag, reference.digest) == ("1.0", Digest(HEX))
    assert str(reference) == f"ghcr.io/acme/shop:1.0@{SHA}"


@pytest.mark.parametrize("text", [HEX, SHA, f"sha512:{HEX}{HEX}", f"{HEX}:tag"])
def test_r170_an_image_id_is_no_reference(text: str) -> None:
    if text == f"{HEX}:tag":
        assert ImageReference.parse(text).repository == f"library/{HEX}"
        return
    with pytest.raises(ValueError, match="not an image reference"):
        ImageReference.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "nginx ",
        " nginx",
        "nginx\n",
        "ngi\tnx",
        "nginx\x00",
        "nginx\x7f",
        "ng\u0131nx",
        "nginx\u2028",
    ],
)
def test_r171_white_space_and_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        ImageReference.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://ghcr.io/acme/shop",
        "http://ghcr.io/acme/shop",
        "docker://ghcr.io/acme/shop",
        "oci:folder",
        "oci:folder/inner:1.0",
        "oci-archive:file.tar",
        "docker-archive:file.tar",
        "docker-daemon:nginx",
        "containers-storage:nginx",
        "ocidir://folder",
        "file:image.tar",
        "file:///image.tar",
    ],
)
def test_r172_transports_of_other_tools_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        ImageReference.parse(text)


def test_r172_the_image_called_docker_is_an_image() -> None:
    assert str(ImageReference.parse("docker:27-dind")) == "docker.io/library/docker:27-dind"


@pytest.mark.parametrize(
    "text",
    [
        "ghcr.io/../evil",
        "ghcr.io/acme/../evil",
        "ghcr.io/./x",
        "ghcr.io/acme//shop",
        "ghcr.io/acme/shop/",
        "ghcr.io/acme%2e%2e/shop",
        "ghcr.io/acme%2fshop",
        "ghcr.io/acme\\shop",
        "ghcr.io/acme/shop?x",
        "ghcr.io/acme/shop#x",
        f"ghcr.io/acme/shop@{SHA}@{SHA}",
        "ghcr.io/acme@shop",
        "/acme/shop",
        "",
        "/",
        ":",
        "@",
    ],
)
def test_r173_what_a_url_would_read_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not|unsupported"):
        ImageReference.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "nginx:",
        f"nginx:@{SHA}",
        f"nginx:{'t' * 129}",
        "nginx:-x",
        "nginx:.x",
        "nginx:a:b",
        f"ghcr.io/{'a' * 256}",
        "ghcr.io/-a",
        "ghcr.io/a-",
        "ghcr.io/a..b",
        "ghcr.io/a___b",
        "ghcr.io/Acme/shop",
        f"{'a' * 260}.io/{'a' * 10}",
    ],
)
def test_r174_tags_and_names_keep_to_their_grammar(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        ImageReference.parse(text)


@pytest.mark.parametrize(
    "digest",
    [
        f"sha256:{HEX.upper()}",
        f"sha256:{HEX[:-1]}",
        f"sha256:{HEX}0",
        f"SHA256:{HEX}",
        f"sha512:{HEX}{HEX}",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256",
        "sha256:",
        HEX,
        "",
        f"sha256:{HEX}\n",
    ],
)
def test_r175_a_digest_is_sha256_in_lower_case(digest: str) -> None:
    with pytest.raises(ValueError, match=r"digest|not an image"):
        ImageReference.parse(f"ghcr.io/acme/shop@{digest}")


@pytest.mark.parametrize(
    "text",
    [
        "user@ghcr.io/acme/shop",
        "user:password@ghcr.io/acme/shop",
        "ghcr.io:0/acme/shop",
        "ghcr.io:65536/acme/shop",
        "ghcr.io:99999/acme/shop",
        "ghcr.io:123456/acme/shop",
        "ghcr.io:/acme/shop",
        "ghcr.io:x/acme/shop",
        "ghcr.io:٤/acme/shop",
        "doc\u212aer.io/acme/shop",  # the sign of Kelvin, whose small letter is that of K
        "[::1/shop",
        "::1/shop",
        "[fe80::1%eth0]:5000/shop",
        "[1::2::3]/shop",
        "[fd00123123123]:5000/shop",
    ],
)
def test_r177_hosts_that_tools_read_in_two_ways_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not|unsupported"):
        ImageReference.parse(text)


def test_a_reference_in_hand_is_well_formed() -> None:
    with pytest.raises(ValueError, match="not an image reference"):
        ImageReference("ghcr.io", "acme/../evil")
    with pytest.raises(ValueError, match="not an image reference"):
        ImageReference("GHCR.IO", "acme/shop")
    with pytest.raises(ValueError, match="not an image reference"):
        ImageReference("ghcr.io", "acme/shop", "a/b")


def test_a_digest_is_of_bytes() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Digest.of(b"") == Digest.parse(f"sha256:{empty}")


def test_a_platform_that_nobody_named_says_so() -> None:
    assert str(Platform("", "")) == "unspecified"
    assert str(Platform("linux", "arm", "v7")) == "linux/arm/v7"


@pytest.mark.parametrize("text", ["a" * 300_000, "A" * 300_000 + "/x", f"x@{'y' * 300_000}"])
def test_a_refusal_does_not_repeat_a_text_without_end(text: str) -> None:
    with pytest.raises(ValueError, match="not|unsupported|dot or a port") as caught:
        ImageReference.parse(text)
    assert len(str(caught.value)) < 400


def test_parts_of_a_name_are_read_up_to_their_bounds() -> None:
    path, host = "a" * 255, f"{'a' * 60}." * 4 + "a" * 9
    assert ImageReference.parse(f"e.org/{path}:{'t' * 128}").repository == path
    assert len(host) == 253
    assert ImageReference.parse(f"{host}/a").registry == host
    with pytest.raises(ValueError, match="not a registry host"):
        ImageReference.parse(f"{host}a/a")
    assert ImageReference.parse("e.org:1/a").registry == "e.org:1"
    assert ImageReference.parse("e.org:65535/a").registry == "e.org:65535"
    with pytest.raises(ValueError, match=f"^not an image reference: '{'t' * 255}…'$"):
        ImageReference.parse(f"{'t' * 256}:")
    with pytest.raises(ValueError, match=f"^not an image reference: '{'t' * 254}:'$"):
        ImageReference.parse(f"{'t' * 254}:")


def test_an_image_id_with_a_host_is_the_name_of_a_repository() -> None:
    assert ImageReference.parse(f"e.org/{HEX}").repository == HEX
    assert ImageReference.parse("e.org/oci:1").repository == "oci"
    assert ImageReference.parse("oci").name == "docker.io/library/oci"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("index.docker.io:5000/a/b", "index.docker.io:5000/a/b"),
        ("index.docker.io:443/a/b", "docker.io/a/b"),
        ("localhost:443/a", "localhost/a"),
        ("registry:5000/a", "registry:5000/a"),
        ("e.org/a", "e.org/a"),
        ("docker.io:5000/a", "docker.io:5000/a"),
    ],
)
def test_a_port_is_left_out_where_it_is_that_of_https(text: str, name: str) -> None:
    assert ImageReference.parse(text).name == name


@pytest.mark.parametrize("text", ["[::ffff:1.2.3.4]/a", "[::ffff:102:304]/a"])
def test_an_address_that_is_written_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a registry host"):
        ImageReference.parse(text)


def test_a_name_without_tag_or_digest_comes_first() -> None:
    names = ["e.org/a", f"e.org/a@{SHA}", "e.org/a:1", f"e.org/a:1@{SHA}"]
    read = [ImageReference.parse(name) for name in reversed(names)]
    assert [str(one) for one in sorted(read, key=lambda one: one.order)] == names
    assert read[-1].order == ("e.org", "a", "", "")
