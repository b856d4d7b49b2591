"""The pages of the reason codes that every check on signed evidence has."""

from __future__ import annotations

from typing import Any

from gate.checks.demand.shortfall import Sought
from gate.model.code_page import CodePage


def shortfall_pages(sought: Sought[Any]) -> dict[str, CodePage]:
    """Return a page for each code of `sought.codes`, in the words of what is sought."""
    codes, noun = sought.codes, sought.noun
    remedy = _sentence(sought.remedy)
    return {
        codes.absent: CodePage(
            f"No demanded signer attested {noun} for this image.",
            "gate asked every place where evidence can lie, and each answered. The message lists "
            "what else is attached, and why that does not count.",
            remedy,
        ),
        codes.incomplete: CodePage(
            f"Some platforms of the image lack {noun}.",
            "The policy's `on` asks for the index or for every platform. An attestation about "
            "linux/amd64 says nothing about linux/arm64.",
            "Attest every platform, or the index where `on` allows it.",
            "signature: {by: [ci], on: either}   # the index, or else every platform",
        ),
        codes.not_verified: CodePage(
            f"What claims to be {noun} does not verify.",
            "Its signature, certificate, log entry or timestamp is wrong. The message has the "
            "reason's own code, which has a page of its own.",
            f"Find out who made it. Then {sought.remedy}.",
        ),
        codes.too_few: CodePage(
            f"Fewer signers attest {noun} than the policy demands.",
            "`at-least` counts different keys and identities. Two signatures by one key count "
            "once.",
            _sentence(sought.more) if sought.more else "Have another of the signers attest it.",
            "{by: [ci, security], at-least: 2}   # one signature by each of the two",
        ),
        codes.unreadable: CodePage(
            f"A demanded signer attests {noun}, and gate cannot read it.",
            "The signature holds. The content is not of a form that gate reads; the message says "
            "which field is wrong.",
            remedy,
        ),
        codes.unsigned: CodePage(
            f"What claims to be {noun} carries no signature that gate reads.",
            "Build tools store bare statements beside an image. Anybody who may push can write "
            "one, so it proves nothing.",
            remedy,
        ),
        codes.wrong_predicate: CodePage(
            f"A statement has nearly the predicate type of {noun}.",
            "One or two characters differ, so no reader finds it. The message names the type that "
            "was probably meant.",
            "Attest it again with the predicate type that the message names.",
        ),
        codes.wrong_signer: CodePage(
            f"The image has {noun}, and no demanded signer made it.",
            "The message names who did. Only the signers in the entry's `by` count.",
            "Have a demanded signer attest it, or add its signer to the policy if you trust it.",
            "by: [ci]                # only this signer of `signers:` counts",
        ),
        codes.wrong_subject: CodePage(
            f"A demanded signer attests {noun}, and it is about another image.",
            "A statement names the digests that it is about. None of them is this image or one of "
            "its platforms.",
            remedy,
        ),
    }


def _sentence(remedy: str) -> str:
    return f"{remedy[:1].upper()}{remedy[1:]}."
