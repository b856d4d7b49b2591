"""What several tests make of references."""

from __future__ import annotations

from hypothesis import strategies as st

near = st.text(alphabet="aA0.:/@_-[]%\\\x00 \n\u3002é", max_size=40)


part = st.from_regex(r"[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,4})?", fullmatch=True)


host = st.one_of(
    st.just(""),
    st.from_regex(r"[A-Za-z0-9]{1,8}(\.[A-Za-z]{2,6}){1,2}(:[0-9]{1,5})?/", fullmatch=True),
    st.sampled_from(["localhost/", "localhost:5000/", "[::1]:5000/", "index.docker.io/", "A/"]),
)


likely = st.builds(
    lambda h, parts, tag, digest: f"{h}{'/'.join(parts)}{tag}{digest}",
    host,
    st.lists(part, min_size=1, max_size=4),
    st.one_of(st.just(""), st.from_regex(r":\w[\w.-]{0,10}", fullmatch=True)),
    st.one_of(st.just(""), st.from_regex(r"@sha256:[0-9a-f]{64}", fullmatch=True)),
)
