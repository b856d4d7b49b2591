"""What the reason codes of a run mean that belong to no check."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "nothing-to-judge": CodePage(
        "There is nothing to judge.",
        "Nothing judged is nothing proven, so it is an error and not a pass.",
        "Name manifests that run something, or images with --image.",
    ),
    "image-reference-malformed": CodePage(
        "An image name is not an image reference.",
        "A reference is [registry/]repository[:tag][@sha256:digest], in lowercase.",
        "Correct the name.",
        "ghcr.io/acme/shop:1.4",
    ),
    "image-not-covered": CodePage(
        "No entry of the policy matches this image.",
        "What no entry matches is blocked, because nobody said what it must show.",
        "Add an entry that says what this image must show.",
        "images:\n  - match: ghcr.io/acme/**\n    signature: {by: [ci]}",
    ),
    "policy-without-pass": CodePage(
        "An entry of the deploy policy does not ask for the pass.",
        "`gate admit` admits what `gate check` cleared, and the pass shows that. Without it an "
        "image that nobody cleared would be admitted.",
        "Add `pass` to the entry, or say under `without-pass` why its images need none.",
        "images:\n  - match: registry.k8s.io/**\n    signature: {by: [kubernetes]}\n"
        '    without-pass: "signed by its publisher, and never built here"',
    ),
    "policy-not-for-admit": CodePage(
        "`gate admit` was given no policy, and the nearest one is for `gate check`.",
        "It asks for no pass, or it signs passes. To judge again by it would admit what was never "
        "cleared.",
        "Name the deploy policy, which asks for the pass, with --policy.",
        "gate admit --policy admit.yaml manifests/",
    ),
    "no-objects-to-bind": CodePage(
        "The policy binds the manifests exactly, and the run has none.",
        "With `manifests: exact` every object that is deployed is compared with what was judged. "
        "Without an object nothing would be compared.",
        "Name the manifests that are deployed, or let the policy ask for `manifests: images`.",
    ),
    "check-not-for-artifacts": CodePage(
        "The policy asks of a chart or a bundle what only an image can show.",
        "`scan-age`, `vulnerabilities` and `configuration` are about what runs, and an artifact "
        "runs nothing. They are not left out by themselves: who writes an artifact would then "
        "decide what it is asked.",
        "Add an entry for the artifact above the one that matches it now, with what it must show.",
        "images:\n  - match: ghcr.io/acme/charts/*\n    signature: {by: [ci]}\n"
        "  - match: ghcr.io/acme/**\n    signature: {by: [ci]}\n"
        "    scan-age: {by: [scanner], max-age: 7d}",
    ),
    "not-answered": CodePage(
        "The run did not answer a question of the policy.",
        "That is a defect of gate, and it blocks.",
        "Report it with the output of `gate --version`.",
    ),
    "not-needed": CodePage(
        "This evidence would do alone, and the check relies on other evidence.",
        "`gate why` says so, for example of a scan where a newer one by the same tool is there.",
        "Nothing to do.",
    ),
    "vex-not-applied": CodePage(
        "This VEX document excuses nothing that was found.",
        "`gate why` says so. `gate check` says of each finding why: another image, the status "
        "`affected`, no reason.",
        "Look at the finding in `gate check`.",
    ),
    "internal-error": CodePage(
        "gate broke.",
        "What it was looking at stays blocked; nothing was cleared.",
        "Run again with GATE_DEBUG=1 and report what it prints.",
    ),
    "shard-missing": CodePage(
        "A shard of the run handed in no record that counts.",
        "`gate merge` decides only where each of the N shards looked at its images.",
        "Run the shard again with the arguments of the others, and merge again.",
        "gate check --shard 3/8 --record records/3.jsonl manifests/",
    ),
    "shard-twice": CodePage(
        "A shard of the run handed in two records.",
        "They may differ, and nobody can tell which is the right one.",
        "Keep the record of its last run alone.",
    ),
    "shard-altered": CodePage(
        "A file is no whole record of a shard.",
        "It was cut off or changed, or another program wrote it. A record tells of each image "
        "of the run that falls to its shard once, and of no other.",
        "Run the shard again, and hand its file on as it is.",
    ),
    "shard-incomplete": CodePage(
        "The record of a shard does not say what is attached to an image of it.",
        "The shard broke before it had looked at that image.",
        "Run the shard again.",
    ),
    "shard-untrue": CodePage(
        "A shard says that an image has other platforms than its manifest lists.",
        "A pass covers the platforms of an image too. So a merge that is no dry run asks the "
        "registry for the manifest, whose digest says whether it is the right one. No shard of "
        "gate writes such a record: somebody else has its key or identity.",
        "Find out who wrote the record. Then run the shard again where nobody else can write.",
    ),
    "shard-foreign": CodePage(
        "A record is of another run.",
        "It was made with another policy, other trusted roots, other images or manifests, another "
        "number of shards, or another version of gate. Or an artifact that holds manifests has "
        "another digest by now.",
        "Run every shard and the merge with the same arguments and the same gate.",
    ),
    "shard-late": CodePage(
        "A shard looked at its images too long ago, or in the future.",
        "What was attached since may be missing. `max-age` under `shards` in the policy says how "
        "long ago is accepted. Of a record that was made with --as-of nobody knows when its shard "
        "looked: it counts where the merge has --as-of too.",
        "Run the shard again, or let the policy say a longer `max-age`.",
    ),
    "shard-unsigned": CodePage(
        "Nobody whom the policy names signed the record of a shard.",
        "What an unsigned record leaves out, nobody can see. `shards: {by: […]}` names the "
        "signers whose records count.",
        "Run the shard where its key or identity is, and hand on the signature beside the record.",
        "shards: {by: [shard], max-age: 1h, sign: {key: keys/shard.key}}",
    ),
    "revocations-absent": CodePage(
        "There is no list of ended passes where the deploy policy names one.",
        "Nobody can tell which passes are ended, so none opens anything: otherwise "
        "a deleted list would bring back what it ended.",
        "Write the first list with `gate revoke --create`. If there was one, find out who deleted "
        "it.",
    ),
    "revocations-not-verified": CodePage(
        "Nobody whom the deploy policy names signed the list of ended passes.",
        "`revocations: {by: […]}` names the signers whose list counts.",
        "Sign the list with `gate revoke` as one of them. If somebody else wrote it, find out who.",
        "revocations:\n  from: registry.acme.example/security/revocations:production\n"
        "  by: [security]\n  max-age: 1h",
    ),
    "revocations-malformed": CodePage(
        "What is under the tag is no list of ended passes.",
        "It is signed, and it is not a list that this gate reads whole. A newer gate may have "
        "written it.",
        "Write the list with `gate revoke`, or install the newer gate.",
    ),
    "revocations-of-another": CodePage(
        "The list of ended passes was made for another place.",
        "A list says for which repository and tag it was made, so that nobody puts the short list "
        "of staging in place of production's.",
        "Name the list of this environment under `revocations`.",
    ),
    "revocations-from-the-future": CodePage(
        "The list of ended passes is dated in the future.",
        "The clock here and the clock of the signer differ by more than five minutes.",
        "Set the clock that is wrong; `gate doctor` compares the one here with a registry's.",
    ),
    "revocations-stale": CodePage(
        "The list of ended passes is too old.",
        "It expired, or it was signed longer ago than `max-age` of the deploy policy. What was "
        "ended since may be missing in it.",
        "Run `gate revoke --renew` in a job that runs more often than `max-age`.",
    ),
    "revocations-rolled-back": CodePage(
        "A newer list of ended passes was seen here before.",
        "Every list has a higher serial than the one before. Somebody put an older one in place, "
        "or two lists were written with one serial.",
        "Find out who moved the tag. Then put the newer list back under its tag: the message names "
        "its digest. Where it is gone, delete the tag, and write all that is to end with "
        "`gate revoke --create`.",
        "crane tag registry.acme.example/security/revocations@sha256:<64 hex> production",
    ),
}
