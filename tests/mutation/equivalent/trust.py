"""Mutants of `trust` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_SILENT: Final = "no value has no line, and neither has an empty one"
_SPEED: Final = "it spares work, and changes no answer"
_BY_KIND: Final = "a bundle with a certificate is held against identities alone"
_LIBRARY: Final = "the library that verifies the chain refuses what this would"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/trust/about.py stated: no `large is not None`": _SPEED,
    "gate/trust/attribute.py attribute: True for `id(signer.root) not in proven`": _SPEED,
    "gate/trust/attribute.py _judge: or for and (2)": _BY_KIND,
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
    "gate/trust/timestamp.py _maker: Lt for LtE (2)": _LIBRARY,
    "gate/trust/trusted_root.py _chain: False for True": "both have as many certificates",
    "gate/trust/verify.py AttachedVerifier.judge: False for `envelope`": (
        "an envelope is proven without its artifact"
    ),
    "gate/trust/timestamp.py _maker: no `valid`": _LIBRARY,
    "gate/trust/about.py stated: no `large is not None` (2)": "nothing small is kept",
    "gate/trust/claims.py _extensions: no `not isinstance(value, x509.UnrecognizedExtension)`": (
        "the library reads no extension of that arc, so each is one"
    ),
    "gate/trust/claims.py _utf8_string: 1 for 0": (
        "a text of one byte has no length, and is refused for any"
    ),
    "gate/trust/identify.py identify: False for `isinstance(bundle.content, Envelope)`": (
        "an envelope is proven without its artifact"
    ),
    "gate/trust/identify.py identify: False for `proof.claims is None`": (
        "what a plain key signed is refused before"
    ),
    "gate/trust/large_sboms.py LargeSboms.find: no `held`": "without one there is no SBOM either",
    "gate/trust/large_sboms.py LargeSboms.keep: True for `len(self._held) >= _MOST`": _SPEED,
    "gate/trust/log.py _check: no `entry.integrated is None`": (
        "an entry with a promise and without a time is refused when it is read"
    ),
    "gate/trust/own.py own_payload: False for `not isinstance(parsed.content, Envelope)`": (
        "a signature over bytes that are not here is refused before"
    ),
    "gate/trust/policy.py _trusted: no call": "every kind of signer has its case, which mypy holds",
    "gate/trust/prove.py check_signature: no `isinstance(content, MessageSignature)`": (
        "an envelope is never proven over an artifact"
    ),
    "gate/trust/prove.py check_signature: no `artifact is not None` (2)": (
        "without an artifact the bytes are refused before"
    ),
    "gate/trust/prove.py _logged: False for `not bundle.entries`": _SPEED,
    "gate/trust/prove.py _times: True for `bundle.timestamps`": _SPEED,
    "gate/trust/refresh.py _fetched: no call": "the library does it when it is asked for a target",
    "gate/trust/sct.py _signed: False for `stamp.entry_type is not LogEntryType.PRE_CERTIFICATE`": (
        "the library gives each timestamp inside a certificate this type"
    ),
    "gate/trust/signer.py TrustedIdentity._mismatches: no `''` (3)": _SILENT,
    "gate/trust/signer.py TrustedIdentity._mismatches: no `''`": _SILENT,
    "gate/trust/verify.py parse_attached: no call": "every kind has its case, which mypy holds",
}
