"""The image is what the steps of an in-toto layout made.

Why: a layout says who may do which step, and what each may take and make. Its links prove
that nothing came in between.

Passes when: each of `keys` (PEM public keys of the layout's owners) signed the layout, it has
not expired, every step has enough links by the keys that it names, its artifact rules hold,
and a product of the last step is the digest of the image: else the layout proves nothing about
it. Keys are of the kinds that a signer may have; others count nowhere. A MATCH rule compares
artifacts of which a SHA-256, SHA-384 or SHA-512 is stated. With `file`, the layout is that file
beside the policy, and the links are the `*.link` files of a folder that
`gate check --links FOLDER` names; every image of the entry has to be such a product. With `by`,
`at-least` of these signers attest the layout and its links for this image as one set. A layout
with inspections is refused before it is loaded, because inspections run commands; one that the
policy names is refused with the policy.

Remedy: let the last step record the image's manifest as a product, and give or attest its links.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from gate.checks.demand.base import Check, SignedParams, SignerName
from gate.checks.demand.codes import shortfall_pages
from gate.checks.demand.counting import judge
from gate.checks.demand.shortfall import Refused, Shortfalls, Sought, clipped
from gate.checks.in_toto.files import judge_files
from gate.checks.in_toto.signed import REMEDIES, LayoutRefusedError
from gate.checks.in_toto.verify import check_lasting, last_second, verify_all
from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.predicates import LayoutSet
from gate.model.verdict import Outcome, Severity
from gate.policy.fields import After, AfterWith, Context, Sized, written
from gate.policy.referenced import NamedFile, ReferencedFile
from gate.predicates import LAYOUT_TYPES

_REMEDY: Final = "attest the layout and every link with `gate attest --type custom`"

_SOUGHT: Final = Sought(
    codes=Shortfalls(
        absent="layout-absent",
        incomplete="layout-incomplete",
        not_verified="layout-not-verified",
        too_few="layout-too-few",
        unreadable="layout-unreadable",
        unsigned="layout-unsigned",
        wrong_predicate="layout-wrong-predicate",
        wrong_signer="layout-wrong-signer",
        wrong_subject="layout-wrong-subject",
    ),
    noun="an in-toto layout",
    kind=LayoutSet,
    types=LAYOUT_TYPES,
    remedy=_REMEDY,
)


def _pem(text: str) -> str:
    from gate.keys.public import MalformedKey, load_public_key  # noqa: PLC0415  # slow to import

    if not text.lstrip().startswith("-----BEGIN"):
        msg = "this is not a PEM public key; write the PEM itself here, not a path to it"
        raise ValueError(msg)
    try:
        load_public_key(text.encode())
    except MalformedKey as problem:
        msg = f"this key cannot be used: {problem}"
        raise ValueError(msg) from problem
    return text


def _holds(file: ReferencedFile | None, info: Context) -> ReferencedFile | None:
    """Refuse a layout that no links and no day could make a proof."""
    keys = info.data.get("keys")
    if file is not None and keys:
        try:
            check_lasting(file.content, keys)
        except LayoutRefusedError as refused:
            raise ValueError(clipped(refused.message)) from refused
    return file


def _each_once(keys: tuple[str, ...]) -> tuple[str, ...]:
    from gate.keys.public import fingerprint, load_public_key  # noqa: PLC0415  # slow to import

    if len({fingerprint(load_public_key(key.encode())) for key in keys}) < len(keys):
        msg = "one key is there twice, so that fewer owners than keys would have to sign"
        raise ValueError(msg)
    return keys


def _without_default(schema: dict[str, Any]) -> None:
    """Show no default: an empty list is what gate takes for none, and no policy may say it."""
    del schema["default"]


class LayoutParams(SignedParams):
    """Whose layout sets count, and who owns the layouts."""

    by: Annotated[tuple[SignerName, ...], Sized(min_length=1)] = written(
        default=(), shown=_without_default
    )
    """Names of signers of an attested layout set; required where there is no `file`."""
    keys: Annotated[
        tuple[Annotated[str, After(_pem)], ...],
        Sized(min_length=1, max_length=16),
        After(_each_once),
    ]
    """PEM public keys of the layout's owners: every one must have signed it."""
    file: Annotated[NamedFile | None, AfterWith(_holds)] = None
    """The layout, as a path from the policy's folder; its links come with `--links`."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse what is neither of the two ways. Raises ValueError."""
        super().check_whole(context)
        if self.file is None and not self.by:
            msg = "say which `file` is the layout, or `by` whom its set is attested"
            raise ValueError(msg)
        if self.file is not None and self.by:
            msg = "a layout that is a `file` is signed by `keys` and attested by nobody: drop `by`"
            raise ValueError(msg)
        if self.file is not None and self.at_least != 1:
            msg = "at-least counts signers of attested sets, and a `file` has none: drop it"
            raise ValueError(msg)

    def available(self, literal: Collection[str]) -> int | None:
        """Return how many of `by` there can be; None for no bound, or without `by`."""
        return super().available(literal) if self.by else None


def _run(image: ImageEvidence, asked: LayoutParams, now: datetime) -> Outcome:
    if asked.file is not None:
        return judge_files(CHECK, image, asked.file, keys=asked.keys, on=asked.on, now=now)
    return judge(
        CHECK, _SOUGHT, image, asked, lambda a: _refuse(a, asked, now), now=now, until=_last_second
    )


def _last_second(attestation: VerifiedAttestation[LayoutSet]) -> tuple[datetime, ...]:
    try:
        return (last_second(attestation.predicate.layout),)
    except LayoutRefusedError:
        return ()


def _refuse(
    attestation: VerifiedAttestation[LayoutSet], asked: LayoutParams, now: datetime
) -> Iterator[Refused]:
    said = attestation.predicate
    proven, problems = verify_all(said.layout, said.links, asked.keys, now)
    for code in dict.fromkeys(p.code for p in problems):
        messages = (p.message for p in problems if p.code == code)
        yield Refused(code, clipped("; ".join(messages)), REMEDIES[code])
    if proven is not None and attestation.subject not in proven.products:
        yield Refused(
            "layout-another-product",
            f"no product of the last step is {attestation.subject}, so the layout says nothing "
            "of it",
            REMEDIES["layout-another-product"],
            rank=1,
        )


_ATTEST: Final = (
    f"gate attest --type custom --predicate-type {LAYOUT_TYPES[0]}{{key}} layout.json {{image}}"
)

_CODES: Final[dict[str, CodePage]] = {
    **shortfall_pages(_SOUGHT),
    "layout-another-product": CodePage(
        "The steps of the layout made something else.",
        "No product of the last step has the digest of this image, so the layout says nothing "
        "about it.",
        "Let the last step record the image's manifest as a product.",
    ),
    "layout-expired": CodePage(
        "The layout has expired.",
        "Its owners gave it an end, and that time has passed.",
        "Let the owners of the layout sign it again with a later end.",
    ),
    "layout-has-inspections": CodePage(
        "The layout has inspections.",
        "An inspection runs a command on the machine that verifies. gate runs nothing that a "
        "document names.",
        "Let the owners take the inspections out, and sign the layout again.",
    ),
    "layout-links-disagree": CodePage(
        "Two links of one step differ.",
        "Different people recorded the same step with different materials or products.",
        "Find out which of the two is right, and do the step again.",
    ),
    "layout-malformed": CodePage(
        "A layout or a link is not well formed.",
        "The message says which file and which field.",
        "Write the file again with in-toto's own tools.",
    ),
    "layout-proves-nothing": CodePage(
        "The layout has no steps, or too many.",
        "A layout without a step proves nothing about any image.",
        "Let the owners of the layout say its steps, and sign it again.",
    ),
    "layout-rule-broken": CodePage(
        "A rule of the layout does not hold.",
        "A step used or made an artifact that the layout does not allow there.",
        "Find what came between the steps, or let the owners change the rule.",
    ),
    "layout-step-unproven": CodePage(
        "A step has too few links by the people whom the layout names.",
        "Each step has a threshold, and only links that a named key signed count.",
        "Let a person whom the layout names record the step and sign the link. Give the folder "
        "of all links with --links.",
    ),
    "layout-links-unreadable": CodePage(
        "A folder of links could not be read as a whole.",
        "What was not read may be the proof, so the check is undecided.",
        "Give a folder that holds the link files themselves, and nothing that cannot be read.",
    ),
}

CHECK: Final = Check(
    name="layout",
    severity=Severity.HIGH,
    params=LayoutParams,
    run=_run,
    codes=_CODES,
    wants=frozenset(LAYOUT_TYPES),
    reads_links=lambda asked: asked.file is not None,
    makes=(_ATTEST,),
)
