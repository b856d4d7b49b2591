"""A URL is read as every reader reads it, or it is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl, urljoin

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gate.registry.http.url import Url

BASE = "https://registry.example:5000/v2/acme/shop/tags?n=1"
PORTS = {"http": 80, "https": 443}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://a.example", Url("https", "a.example", 443, "/")),
        ("HTTP://A.Example:80?b", Url("http", "a.example", 80, "/?b")),
        ("https://a.example:65535/", Url("https", "a.example", 65535, "/")),
        ("http://a_b.example.:1/", Url("http", "a_b.example.", 1, "/")),
        ("http://[::1]:5000/x", Url("http", "::1", 5000, "/x")),
        ("http://[::FFFF:127.0.0.1]/", Url("http", "::ffff:127.0.0.1", 80, "/")),
        ("http://127.0.0.1/", Url("http", "127.0.0.1", 80, "/")),
        ("http://0x7f.1/", Url("http", "0x7f.1", 80, "/")),
        ("https://xn--bcher-kva.example/", Url("https", "xn--bcher-kva.example", 443, "/")),
        ("https://a.example/%2f%2E%2e/b", Url("https", "a.example", 443, "/%2f%2E%2e/b")),
        ("https://a.example/b/./c/../d/..", Url("https", "a.example", 443, "/b/")),
        ("https://a.example/../../b/.", Url("https", "a.example", 443, "/b/")),
        ("https://a.example/..", Url("https", "a.example", 443, "/")),
        ("https://a.example/.b/c..", Url("https", "a.example", 443, "/.b/c..")),
        ("https://a.example/.b//c", Url("https", "a.example", 443, "/.b//c")),
        ("https://a.example//b", Url("https", "a.example", 443, "//b")),
        ("https://a.example/b c|[d]", Url("https", "a.example", 443, "/b%20c|[d]")),
        ("https://a.example/`{}?`{} <>", Url("https", "a.example", 443, "/%60%7B%7D?`{}%20%3C%3E")),
        ("https://a.example/?../b", Url("https", "a.example", 443, "/?../b")),
        ("https://a.example/b?", Url("https", "a.example", 443, "/b")),
        ("https://a.example/@b:c", Url("https", "a.example", 443, "/@b:c")),
        ("https://a.example/" + "b" * 8174, Url("https", "a.example", 443, "/" + "b" * 8174)),
    ],
)
def test_a_url_is_where_to_connect_and_what_to_ask_for(text: str, read: Url) -> None:
    assert Url.parse(text) == read


ATTACKS = [
    *("", " ", "a", "/", "//a.example", "a.example:443", "https:", "https:/", "https://"),
    *("https:///x", "https:a.example", "https:/a.example/x", "https:\\\\a.example", "https://?x"),
    *("ftp://a.example/", "file:///etc/passwd", "javascript:x", "httpsx://a/", "htt\u017f://a/"),
    *("https://u@a.example/", "https://u:p@a.example/", "https://@a.example/", "https://a:b@c/"),
    *("https://a.example\\@evil.example/", "https://a.example\\.evil.example/", "https://a/\\b"),
    *("https://a.example#@evil.example/", "https://a.example/#b", "https://a.example/?b#c"),
    *("https://a.example:/", "https://a.example:0/", "https://a.example:65536/", "https://a:-1/"),
    *("https://a.example:0443/", "https://a.example:+1/", "https://a.example:1_0/", "https://a:b/"),
    *("https://a.example:443:80/", "https://a.example:99999999999/", "https://a:\u0661/"),
    *("https://[::1", "https://::1/", "https://[]/", "https://[::1]x/", "https://[::1%25eth0]/"),
    *("https://[1.2.3.4]/", "https://[v1.a]/", "https://[:::]/", "https://[g::1]/", "https://]/"),
    *("https://256.1.1.1/", "https://1.2.3.04/", "https://1.2.3.4.5.6%2e/", "https://%61.example/"),
    *("https://a.example%2fb/", "https://a%00.example/", "https://./", "https://-a/", "https://a-/"),
    *("https://b\u00fccher.example/", "https://ghcr\u3002io/", "https://a\uff0eexample/", "\ufeff"),
    *("https://a.example/b\tc", "https://a.example/b\nc", "https://a.example\r\n/", "https://a\0/"),
    *(" https://a.example/", "https://a.example/ ", "https://a .example/", "https://a.example /"),
    *("https://a.example/\x7f", "https://a.example/\u00e4", "https://a,b/", "https://a;b/"),
    *("https://a.example/%", "https://a.example/%4", "https://a.example/%zz", "https://a/?%u0041"),
    *("https://a*/", "https://a!b/", "https://$(id)/", "https://{a}/", "https://a|b/", "https://~/"),
    *("https://" + "a" * 254 + "/", "https://a.example/" + "b" * 8175),
]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_r240_what_some_reader_could_read_differently_is_no_url(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Url.parse(text)


@pytest.mark.parametrize("text", [text for text in ATTACKS if not text.startswith(("a", "/"))])
def test_r240_what_is_no_url_leads_nowhere(text: str) -> None:
    assert Url.parse(BASE).join(text) is None


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("HTTPS://other.example/x", "https://other.example/x"),
        ("//other.example:1/x", "https://other.example:1/x"),
        ("//evil", "https://evil/"),
        ("/v2/x?y", "https://registry.example:5000/v2/x?y"),
        ("?n=2", "https://registry.example:5000/v2/acme/shop/tags?n=2"),
        ("list", "https://registry.example:5000/v2/acme/shop/list"),
        ("../../..//x", None),
        ("../../../../x", "https://registry.example:5000/x"),
        (".", "https://registry.example:5000/v2/acme/shop/"),
        ("a/b:c", "https://registry.example:5000/v2/acme/shop/a/b:c"),
        ("b:c", None),
        ("///evil", None),
        ("http:x", None),
        ("/\\evil", None),
        ("\\\\evil", None),
        ("/\tx", None),
        (" /x", None),
        ("#x", None),
        ("?", None),
        (":", None),
        (";x", None),
        ("/a//../b", None),
        ("a b:c", None),
        ("", None),
        ("/" + "x" * 8192, None),
    ],
)
def test_a_location_is_a_url_or_part_of_one(location: str, target: str | None) -> None:
    found = Url.parse(BASE).join(location)
    assert (None if found is None else str(found)) == target


_PIECES = st.sampled_from(
    [
        *("http://", "https:", "HTTPS://", "//", "/", "a", "B.example", "127.1", "[::1]", "[", "]"),
        *("@", ":", ":1", ":65536", ":080", ".", "..", "/./", "/../", "?", "#", "\\", "%2f", "%2E"),
        *("%", "&", "=", "a;p", "\t", "\n", "\0", " ", "\u3002", "\u00fc", "\u2100", "|", '"', "<"),
        *("{", "`", "^", "~", "_", "-", "xn--a", "256.1.1.1", "0x7f.1", "\u017f"),
    ]
)
_BASES = st.sampled_from([BASE, "http://h", "http://[::1]:80/a/b/../c/", "https://h/a;b?c/d//e"])


@given(_BASES, st.lists(_PIECES, max_size=12).map("".join))
@example("https://h/a;b?c/d//e", "c;x/")
def test_r240_what_is_read_means_the_same_to_httpx(base: str, location: str) -> None:
    ours = Url.parse(base).join(location)
    if ours is None:
        return
    theirs = httpx.URL(base).join(location)
    assert ours.origin == (
        theirs.scheme,
        theirs.raw_host.decode().lower(),
        theirs.port or PORTS[theirs.scheme],
    )
    path, _, query = theirs.raw_path.decode().partition("?")
    last = urljoin(base, location).partition("?")[0].rpartition("/")[2]
    if last in (".", "..") and not path.endswith("/"):
        path += "/"  # which httpx leaves out, and RFC 3986 does not
    assert ours.target == (f"{path}?{query}" if query else path)
    assert Url.parse(str(ours)) == ours


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("http://a.example:80/", "a.example"),
        ("http://a.example:443/", "a.example:443"),
        ("https://[::1]/", "[::1]"),
        ("https://[::1]:80/", "[::1]:80"),
    ],
)
def test_a_port_is_told_where_it_is_not_the_schemes_own(text: str, authority: str) -> None:
    assert Url.parse(text).authority == authority


_WORDS = st.text(st.characters(codec="ascii"), max_size=8)


@given(
    st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=3),
    st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=3),
)
def test_parameters_are_written_in_place_of_those_of_their_name(
    asked: list[tuple[str, str]], before: list[tuple[str, str]]
) -> None:
    old = Url.parse("https://a.example/t").asking(before)
    names = {name for name, _ in asked}
    kept = [pair for pair in before if pair[0] not in names]
    found = old.asking(asked)
    read = parse_qsl(found.target.partition("?")[2], keep_blank_values=True)
    assert read == kept + asked
    assert Url.parse(str(found)) == found


def test_what_a_query_says_besides_is_sent_as_it_was_written() -> None:
    place = Url.parse("https://a.example/up?_state=a-_=%3D&digest=old&&x")
    asked = place.asking([("digest", "sha256:0")])
    assert asked.target == "/up?_state=a-_=%3D&x&digest=sha256%3A0"
