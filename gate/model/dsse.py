"""What a signature in a DSSE envelope covers: the pre-authentication encoding.

https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
"""

from __future__ import annotations

from typing import Final

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
"""What the envelope of an in-toto statement says that it holds."""
ENVELOPE_TYPE: Final = "application/vnd.dsse.envelope.v1+json"
"""The media type of an envelope."""


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed for a payload, so that its type is signed too.

    >>> pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
