"""Mutants of `trust` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_SPEED: Final = "it spares work, and changes no answer"
_BY_KIND: Final = "a bundle with a certificate is held against identities alone"
_LIBRARY: Final = "the library that verifies the chain refuses what this would"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/trust/about.py stated: no `large is not None`": _SPEED,
    "gate/trust/attribute.py attribute: True for `id(signer.root) not in proven`": _SPEED,
    "gate/trust/attribute.py _judge: or for and": _BY_KIND,
    "gate/trust/attribute.py _judge: no `isinstance(signer, TrustedIdentity)`": _BY_KIND,
    "gate/trust/attribute.py _judge: no `proof.claims is not None`": _BY_KIND,
    "gate/trust/attribute.py _identity: False for `key is None`": (
        "what was accepted has a certificate or a key"
    ),
    "gate/trust/attribute.py _made_by_no: True for `data is not None`": (
        "no scheme fits a signature over nothing"
    ),
    "gate/trust/attribute.py _made_by_no: no `b''`": "the loop has no turn where data is None",
    "gate/trust/policy.py verifier_of: True for `signer.root not in roots`": _SPEED,
    "gate/trust/prove.py prove: False for `key is None`": (
        "a bundle without a certificate is asked about with a key"
    ),
    "gate/trust/timestamp.py verified_times: False for `not timestamps`": _SPEED,
    "gate/trust/timestamp.py _maker: any for all": _LIBRARY,
    "gate/trust/timestamp.py _maker: Lt for LtE": _LIBRARY,
    "gate/trust/timestamp.py _maker: no `valid`": _LIBRARY,
}
