"""What the reason codes of a call mean: options, files that it names, and what it is given."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "policy-missing": CodePage(
        "There is no policy.",
        "None was named, and none lies in this folder or above it up to the root of the "
        "repository.",
        "Let `gate init MANIFESTS` write a first one, or name yours with --policy.",
    ),
    "shard-option": CodePage(
        "--shard does not name a part of a run, or another option is for the whole run.",
        "A part is I/N: the number of the part, from 1, and how many parts there are, at most "
        "1000. A part signs its record and no pass, also where --dry-run would sign nothing.",
        "Give the number of this job and of all jobs, and name the file for --record. Give "
        "--dry-run, --pass-file, --renew and --statement to `gate merge`.",
        "gate check --shard 3/8 --record records/3.jsonl manifests/",
    ),
    "shards-unreadable": CodePage(
        "The folder of `gate merge` has no records that can be read.",
        "Records are the files that `gate check --shard I/N --record FILE.jsonl` writes.",
        "Name the folder that they were downloaded to.",
    ),
    "audit-option": CodePage(
        "--audit was given with an option of a release.",
        "`gate merge --audit` reads reports that are there. It judges nothing and signs nothing.",
        "Leave the other option out.",
        "gate merge --audit audits/ --output html=fleet.html",
    ),
    "audits-unreadable": CodePage(
        "The folder of `gate merge --audit` has no reports that can be read.",
        "Each file CLUSTER.json in it is the JSON report of `gate audit` in that cluster. It reads "
        "1,000 files and 512 MiB at most.",
        "Write each with `gate audit --output json=CLUSTER.json`.",
    ),
    "audit-twice": CodePage(
        "A cluster has two reports, or two clusters have one.",
        "Nobody can tell which report is the right one. A copy under another name would show a "
        "cluster that nobody looked at.",
        "Keep the newest report of each cluster, in a file that is called as the cluster.",
    ),
    "audit-foreign": CodePage(
        "A report is not of `gate audit`.",
        "What `gate check` or `gate admit` judged runs nowhere yet.",
        "Write it with `gate audit --output json=CLUSTER.json`.",
    ),
    "audit-other-policy": CodePage(
        "Two clusters were judged by two policies.",
        "What is in order under one policy may not be under the other, so the clusters are not "
        "seen as one (exit code 3).",
        "Run `gate audit` in every cluster with one policy.",
    ),
    "audit-without-verdict": CodePage(
        "The audit of a cluster came to no verdict.",
        "What runs there is not known (exit code 3).",
        "Mend what the message says, and run `gate audit` there again.",
    ),
    "shards-too-large": CodePage(
        "The records of `gate merge` have more bytes together than are read.",
        "What they say is held in memory until the verdict, 2 GiB at most.",
        "Leave out what is no record of this run, or judge the release in two parts, each with a "
        "policy and a pass of its own.",
    ),
    "shards-without-signers": CodePage(
        "The policy does not say whose shards it believes.",
        "An unsigned record could leave out what blocks, and nobody would see it. So it decides "
        "nothing: neither a pass nor the exit code of a pipeline.",
        "Add `shards` to the policy, or give --dry-run.",
        "shards: {by: [shard], max-age: 1h, sign: {key: keys/shard.key}}",
    ),
    "policy-exists": CodePage(
        "A policy is there already.",
        "`gate init` does not write over a policy unless --force says so.",
        "Give --force to replace it, or name another file.",
    ),
    "policy-digest-mismatch": CodePage(
        "The policy is not the one that --policy-digest names.",
        "Somebody changed the policy, or the digest is of another one.",
        "Run with the policy that was agreed on, or agree on this one.",
    ),
    "policy-digest-malformed": CodePage(
        "--policy-digest does not hold a digest.",
        "A digest is sha256: and 64 hexadecimal digits.",
        "Copy the digest that `gate policy` prints.",
    ),
    "report-unreadable": CodePage(
        "A file that `gate diff` was given is no report.",
        "It cannot be read, or it is not the JSON that `--output json=FILE` writes, whole and "
        "of version 1.",
        "Name a file that `gate check --output json=FILE` wrote.",
    ),
    "reports-of-two-commands": CodePage(
        "The two reports are of different commands.",
        "`gate lint` judges no image, so each image would look gone.",
        "Compare two reports of one command.",
    ),
    "report-without-verdict": CodePage(
        "The run of the older report did not come to its end.",
        "Such a report lists nothing, so everything of the newer run would look new.",
        "Compare with the report of an earlier run that came to a verdict.",
    ),
    "key-unusable": CodePage(
        "A file that --key names is not a public key.",
        "It cannot be read, or it holds something else, such as a private key.",
        "Name the file of a public key in PEM form, such as cosign.pub.",
    ),
    "key-exists": CodePage(
        "A key of that name is there already.",
        "`gate keygen` writes over no file: nobody can restore a private key that is lost.",
        "Give another name: `gate keygen release`.",
    ),
    "keygen-service": CodePage(
        "gate does not know this key service.",
        "A pass is signed with a key of AWS KMS, Google Cloud KMS, Azure Key Vault or Vault.",
        "Begin the URI with awskms:, gcpkms:, azurekms: or hv:.",
    ),
    "pass-without-image": CodePage(
        "A release without images gets no pass.",
        "A pass is stored beside an image, and this release has only objects, such as ConfigMaps. "
        "Its verdict is cleared all the same; only the pass is missing.",
        "Name with --image the image that the objects belong to, in `gate check` and in "
        "`gate admit`: its pass then covers them too.",
        "gate check --image ghcr.io/acme/shop:1.0 configmaps/",
    ),
    "severity-unknown": CodePage(
        "--min-severity names no severity.",
        "There are info, low, medium, high and critical.",
        "Name one of them, such as --min-severity medium.",
    ),
    "statement-without-dry-run": CodePage(
        "--statement goes with a dry run.",
        "It writes what would be signed. A run that signs has --pass-file for what was signed.",
        "Give --dry-run too, or use --pass-file.",
    ),
    "crds-unreadable": CodePage(
        "The definitions of custom kinds cannot be used.",
        "`crds` under `manifests` names folders and files from the policy's own folder. Each holds "
        "at least one CustomResourceDefinition, or nothing would be held to it.",
        "Save what `kubectl get crds -o yaml` prints into the folder.",
        "manifests:\n  crds: [cluster/crds]",
    ),
    "baseline-malformed": CodePage(
        "The baseline cannot be read.",
        "`gate lint --write-baseline` writes it, and nothing else is one. A baseline that is read "
        "wrongly would let new findings pass as known.",
        "Remove the file, and write it anew with `gate lint --write-baseline FILE`.",
    ),
    "clock-wrong": CodePage(
        "The clock of this machine and that of the registry differ.",
        "`gate doctor` compares them. By more than 5 minutes, a scan or a pass that was just made "
        "looks old, ended, or made in the future.",
        "Set the clock of the machine that is wrong, by NTP.",
    ),
    "links-unasked": CodePage(
        "--links proves nothing in this run.",
        "No entry of the policy that applies to an image of the run has a `layout` with a `file`.",
        "Add `layout: {file: …, keys: […]}` to the entry, or drop --links.",
    ),
    "links-unreadable": CodePage(
        "The folder of --links cannot be opened.",
        "It holds the link files of an in-toto run.",
        "Name a folder that is there.",
    ),
    "attestations-nearly-full": CodePage(
        "An image carries more than half of the attestations that gate reads.",
        "A list of attestations is read up to 10,000 entries. Nothing is wrong yet; past that end "
        "gate writes nothing more, so that the image stays readable.",
        "Run `gate prune IMAGE --yes`, or delete attestations of past builds in the registry.",
    ),
    "delete-refused": CodePage(
        "The registry does not let gate remove old statements.",
        "It answered 405, 403 or the like to the deletion of a manifest. What could be taken off a "
        "list is off it; the rest stays.",
        "Let the registry delete manifests, or log in as somebody who may.",
    ),
    "rate-limit-near": CodePage(
        "A registry will soon refuse more requests.",
        "It says how many are left. Nothing is wrong yet; gate asks for each digest once a run.",
        "Log in there for a higher limit, or read from a mirror.",
    ),
    "registries-malformed": CodePage(
        "The registries file cannot be read.",
        "--registries or GATE_REGISTRIES names it. It says how registries are reached.",
        "Correct the file at the place that the message names.",
    ),
    "ci-unknown": CodePage(
        "gate does not know this CI system.",
        "`gate init` writes jobs for GitHub Actions and GitLab CI.",
        "Run `gate check` as a step of its own, or name one with --ci.",
    ),
    "output-malformed": CodePage(
        "--output is not FORMAT or FORMAT=FILE.",
        "Each names one format, and at most one file.",
        "Write json=gate.json.",
    ),
    "output-twice": CodePage(
        "Two outputs would go to the same place.",
        "One format can be printed. Each other output takes a file of its own.",
        "Name a file for each other format: --output FORMAT=FILE.",
    ),
    "output-unwritable": CodePage(
        "A file cannot be written where it should go.",
        "The folder is not there or not yours, the run reads that file, or a link leads elsewhere. "
        "gate writes through no link of a checkout, because the author of a change can put one "
        "there.",
        "Name a file in a folder that exists, that you may write to, and that no link leads to.",
    ),
    "nothing-to-pin": CodePage(
        "--pinned has no manifest to write.",
        "The call names images with --image alone, and these have no manifest.",
        "Name the manifests that you will apply, or leave --pinned out.",
    ),
    "format-unknown": CodePage(
        "There is no report format of that name.",
        "The message lists the formats.",
        "Choose one of them.",
    ),
    "plain-http-option": CodePage(
        "--plain-http is not a registry's host.",
        "It is compared with the host in the image's name. One that no name can have would "
        "change nothing.",
        "Write HOST:PORT without http://, such as localhost:5000.",
    ),
    "artifact-malformed": CodePage(
        "A name that begins with oci:// is not that of an artifact.",
        "After oci:// comes registry/repository, and a tag, a digest or both. Without them helm, "
        "Flux and Argo CD would not take the same version.",
        "Name one version. In a tag, helm writes _ in place of the + of a version.",
        "gate check oci://ghcr.io/acme/charts/shop:1.4",
    ),
    "artifact-as-image": CodePage(
        "The call names an artifact with oci:// where an image is asked for.",
        "`oci://` is for Helm charts and bundles of manifests, which are unpacked and judged.",
        "Give it as a path. Leave oci:// out of the name of an image.",
        "gate check oci://ghcr.io/acme/charts/shop:1.4 --image ghcr.io/acme/shop:1.4",
    ),
    "deployment-record-option": CodePage(
        "`gate admit` cannot record deployments as the call asks.",
        "--deployment-record takes an organization of GitHub, and after a slash a repository; "
        "--cluster names the cluster of the records. They are written with a token of the "
        "environment.",
        "Correct the option, or give the step GITHUB_TOKEN.",
        "GITHUB_TOKEN=… gate admit --deployment-record acme/shop --cluster production-eu k8s/",
    ),
    "deployment-not-recorded": CodePage(
        "GitHub did not take the record of a deployment.",
        "The release was admitted, and stays so: nothing depends on the record. GitHub shows "
        "the deployment as it was before.",
        "Do what the message says, and run the step again. The same records are written once.",
    ),
    "layout-option": CodePage(
        "--layout is not NAME=FOLDER.",
        "NAME is what policies match; FOLDER is an OCI layout.",
        "Write registry.example/team=./images.",
    ),
    "bundle-unreadable": CodePage(
        "A file that --bundle names cannot be read.",
        "It is not there, or not yours to read.",
        "Name a file that is there.",
    ),
    "bundle-too-large": CodePage(
        "A file that --bundle names is too large.",
        "No Sigstore bundle is that large.",
        "Name a Sigstore bundle.",
    ),
    "time-malformed": CodePage(
        "--as-of is not a time.",
        "It takes RFC 3339 with an offset.",
        "Write a time such as 2026-11-21T10:00:00Z.",
    ),
    "name-unknown": CodePage(
        "gate knows nothing of that name.",
        "`gate explain` takes a check, a lint rule, or a code from a report.",
        "Copy the code from the report; `gate lint --list` lists the rules.",
    ),
    "verdict-predicate": CodePage(
        "`gate attest` does not sign verdicts.",
        "A pass is made by `gate check`, from a cleared release alone.",
        "Run `gate check`.",
    ),
    "attest-type-unknown": CodePage(
        "--type does not name a type.",
        "It takes sbom, vulnerabilities, openvex, provenance, or custom with --predicate-type.",
        "Choose one of them.",
    ),
    "attest-another-image": CodePage(
        "The document is about another image.",
        "It names a digest, and the image that it would be signed for has another one. A scan or "
        "an SBOM of another image says nothing about this one.",
        "Make the document of the image as it was pushed, by its digest.",
    ),
    "attest-file": CodePage(
        "The file to attest is not what its type says.",
        "It cannot be read, or is of another form. Or it holds a whole number over 2^53 that two "
        "readers of JSON would read as two numbers.",
        "Name a file of the form that `docs/evidence.md` lists for the type.",
    ),
    "attest-too-large": CodePage(
        "The statement is too large.",
        "gate reads no attestation of that size.",
        "Make the document smaller, or split it.",
    ),
    "cannot-read": CodePage(
        "A file that was named cannot be read.",
        "It is there, and the system refuses to open it.",
        "Check the file and its permissions.",
    ),
    "linked-input": CodePage(
        "A link lies in a named folder.",
        "gate does not follow it, and kubectl may. What it leads to was not judged.",
        "Put the file or folder itself in its place, or leave the link out with "
        "`manifests: {exclude: […]}` in the policy.",
    ),
    "special-input": CodePage(
        "A pipe, a socket or a device lies in a named folder.",
        "Its name is that of a manifest, and it was not judged.",
        "Remove it, or leave it out with `manifests: {exclude: […]}` in the policy.",
    ),
    "unreadable-input": CodePage(
        "Something in a named folder cannot be read.",
        "The system refuses to open the file or folder, so it was not judged.",
        "Correct its permissions, or leave it out with `manifests: {exclude: […]}` in the policy.",
    ),
    "input-too-large": CodePage(
        "The files are too large for one run.",
        "gate reads 512 MiB in all.",
        "Judge fewer files in one run.",
    ),
    "lint-option": CodePage(
        "An option of `gate lint` has a value that it does not take.",
        "The message says which values it takes.",
        "Choose one of them.",
    ),
    "nothing-found": CodePage(
        "A path or pattern means no file.",
        "It is an error, so that a typing mistake never looks like a clean run.",
        "Name a file, a folder that holds .yaml, .yml or .json, a pattern, or -.",
    ),
    "bundle-malformed": CodePage(
        "A file that --bundle names holds no bundle.",
        "It holds something other than Sigstore bundles and DSSE envelopes about images. The "
        "image is not judged without it.",
        "Name a file that `gate sign --bundle FILE`, `cosign` or GitHub wrote.",
    ),
    "pinned-differs": CodePage(
        "What gate wrote to apply is not what it judged.",
        "gate reads the file back before it puts it in place. Nothing was written. That is a "
        "defect of gate.",
        "Report it with the output of `gate --version`.",
    ),
    "revoke-without-list": CodePage(
        "The policy names no list of ended passes.",
        "`gate revoke` writes the list that the deploy policy names, signed by whom it names.",
        "Name the deploy policy with --policy, and add `revocations` to it.",
        "revocations:\n  from: registry.acme.example/security/revocations:production\n"
        "  by: [security]\n  max-age: 1h",
    ),
    "revoke-without-reason": CodePage(
        "Passes are ended without a reason.",
        "Everybody who is refused reads the reason.",
        'Say why: --reason "the build key leaked".',
    ),
    "revoke-since": CodePage(
        "--since goes with --signer.",
        "A release, an image or a policy is ended as a whole, whenever its passes were signed.",
        "Name the signer with --signer, or drop --since.",
    ),
    "revoke-expires": CodePage(
        "--expires-in does not hold a duration.",
        "A duration is a whole number and one of m, h, d, w.",
        "Write --expires-in 7d.",
    ),
    "revoke-digest": CodePage(
        "--release or --judged-by does not hold a digest.",
        "A digest is sha256: and 64 hexadecimal digits.",
        "Copy the digest that `gate check` or the pass names.",
    ),
    "revoke-unknown-signer": CodePage(
        "The deploy policy has no signer of this name.",
        "--signer takes a name under `signers`, and ends what its key or identity signed.",
        "Name a signer of the deploy policy.",
    ),
    "revoke-signer-pattern": CodePage(
        "The signer that --signer names is a pattern of identities.",
        "A line of the list ends one key or one identity. A pattern may match many.",
        "Narrow the pattern in the deploy policy: what the rest signed then counts no more.",
    ),
    "revoke-nothing-to-undo": CodePage(
        "No line of the list ends what --undo names.",
        "--undo takes the digest of a line, or a signer of the policy.",
        "Print the list with `gate revoke`, and copy the digest.",
    ),
    "revoke-too-many": CodePage(
        "The list would be longer than what is read.",
        "At most 10,000 lines are read.",
        "End a policy or a signer in place of single releases, or take lines off with --undo.",
    ),
    "revoke-no-serial-left": CodePage(
        "The list has the highest serial that is read.",
        "Each list has a higher serial than the one before, and 9007199254740991 is the highest. "
        "`gate revoke` counts up by one, so somebody wrote that number.",
        "Find out who wrote that list. Then name another tag as `from` under `revocations` in the "
        "deploy policy, and begin there with `gate revoke --create`.",
    ),
    "revoke-unwritable": CodePage(
        "The list would not be read again.",
        "A reason has at most 500 characters, and a list 4 MiB.",
        "Write a shorter reason.",
    ),
    "revoke-list-exists": CodePage(
        "There is a list of ended passes already.",
        "--create writes the first one. A second first list would bring ended passes back.",
        "Drop --create: the new list keeps what is on the one before.",
    ),
    "revoke-from-serial": CodePage(
        "--from-serial is not for this call.",
        "It names the serial of the last list that is known, from 1: no list with a lower one is "
        "continued. Without an option that writes, the list is printed.",
        "Give it with --renew, --undo, --create or what is to end.",
    ),
    "revoke-stale-list": CodePage(
        "The list is older than the policy takes, and this machine saw none before.",
        "Who may write to the registry can put an older list back. A list that is made of it "
        "brings back what was ended since, and looks as good as new. A machine that saw the newer "
        "list tells that; a new one, such as a CI runner, cannot.",
        "Read the list with `gate revoke`. If it is the last one that you wrote, give its serial "
        "with --from-serial.",
        "gate revoke --policy admit.yaml --renew --from-serial 41 --key security.key",
    ),
    "revoke-lower-serial": CodePage(
        "The list has a lower serial than the one that --from-serial names.",
        "Every list has a higher serial than the one before, so somebody put an older one back.",
        "Find out who moved the tag. Then put the newer list back under it.",
    ),
    "revoke-mirror-differs": CodePage(
        "A mirror does not show the list of ended passes that the registry holds.",
        "A new list continues the newest one. One that was made from an older list, or from none, "
        "would bring ended passes back. The tag was left as it is.",
        "Wait until the mirror has caught up, or take the registry out of `mirrors` in the file of "
        "--registries.",
    ),
    "revoke-not-counted": CodePage(
        "The signature of the new list would not count.",
        "The policy names under `revocations: {by: […]}` whose lists it takes. Nothing was put in "
        "place.",
        "Sign with the key or the identity of one of them, or add this signer to `by`.",
    ),
    "import-unknown": CodePage(
        "The file holds nothing that gate imports.",
        "gate imports calls of cosign, policies of policy-controller, Kyverno, Connaisseur and "
        "Ratify, configurations of KubeLinter, checkov and Trivy, and files with what Trivy, Grype "
        "and OSV-Scanner ignore. Some of them are known by the name of the file alone.",
        "Name the file that has the demands; `docs/export.md` lists which are read.",
    ),
    "import-nothing": CodePage(
        "No demand of the files has an equivalent in a policy.",
        "The lines above say why, one for each. An empty policy would let nothing in, or look as "
        "if it did something.",
        "Write a policy with `gate init`.",
    ),
    "import-unreadable": CodePage(
        "A file to import cannot be read.",
        "It is not there, has more than 4 MiB, or is no TOML where its name says so.",
        "Name a file that is there, and mend it.",
    ),
    "import-refused": CodePage(
        "What was imported is refused by the policy's own reader.",
        "Nothing is written that gate would not load.",
        "Import the files one by one, and report the one that does it.",
    ),
    "promote-without-policy": CodePage(
        "--policy-digest is given without --policy.",
        "The digest says which policy is meant. `gate promote` judges only where a policy is "
        "named.",
        "Name the policy with --policy, or drop --policy-digest.",
    ),
    "promote-not-covered": CodePage(
        "The policy does not take images from the destination.",
        "Its `registries` do not allow it, or no entry under `images` matches its name. Nothing "
        "was copied.",
        "Correct the destination, or let the policy name it.",
    ),
    "promote-other-demands": CodePage(
        "The policy asks other checks of the destination than of the source.",
        "`gate promote` judges the image where it comes from, by the first entry that matches that "
        "name. A pass for the destination would say that its own entry holds, which nobody looked "
        "at. Nothing was copied.",
        "Let both entries ask the same, or name both places with one `match`.",
    ),
    "promote-not-waived": CodePage(
        "A finding is waived for the source of a promotion, and not for its destination.",
        "A waiver names one repository. A pass for the destination would carry a waiver that the "
        "policy does not give there. Nothing was copied.",
        "Write a waiver for the destination too, or mend the finding.",
    ),
    "promote-destination": CodePage(
        "The destination of a promotion names a digest.",
        "What is copied keeps its digest, so the destination has a repository and a tag.",
        "Write the destination as registry/repository:tag.",
    ),
    "export-loses-demands": CodePage(
        "The other enforcer cannot make every demand of the policy.",
        "With --strict nothing is written unless each demand is made as it is.",
        "Drop --strict to see which demands are lost, and let `gate admit` or `gate serve` make "
        "those.",
    ),
}
