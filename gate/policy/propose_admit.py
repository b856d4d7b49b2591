"""The policy of the deploy step that goes with a first policy: it asks for that one's passes."""

from __future__ import annotations

from gate.model.image import Digest
from gate.policy.propose import Project
from gate.policy.yaml_scalar import scalar


def propose_admit(project: Project, digest: Digest, policy: str, schema: str) -> str | None:
    """Return the text of a policy for `gate admit`; None where nobody signs passes yet.

    `digest` is that of the first policy, and `policy` its name. Who signs keylessly is a guess
    from where the code lives, and the text says so: a wrong one admits nothing.
    """
    signer = list(_signer(project))
    if not signer:
        return None
    lines = [
        f"# yaml-language-server: $schema={schema}",
        "# What the deploy step demands: `gate admit --policy` this file.",
        "version: 1",
        "signers:",
        *signer,
        "images:",
        '  - match: "**"',
        "    pass:",
        "      by: [gate]",
        f"      verifier: {scalar(project.verifier)}",
        "      environment: production",
        f"      # The digest of {policy}: after each change, write what `gate policy` prints.",
        f'      policies: ["{digest}"]',
        "      max-age: 24h",
        "      manifests: exact",
    ]
    if project.trusted_root is not None and project.keyless:
        file, pinned = project.trusted_root
        lines += ["trusted-roots:", "  own:", f"    file: {scalar(file)}"]
        lines += [f"    sha256: {scalar(pinned)}"]
    return "\n".join(lines) + "\n"


def _signer(project: Project) -> list[str]:
    if project.keyless and project.expected is not None and project.gate_identity:
        return [
            "  gate:",
            "    # A guess: the workflow of the repository that you have gate from signs passes.",
            f"    issuer: {scalar(project.expected.issuer)}",
            f"    identity: {scalar(project.gate_identity)}",
            *_source(project.gate_identity, project.expected.pattern),
            *(["    root: own"] if project.trusted_root is not None else []),
        ]
    if project.pass_key is not None:
        return [f"  gate: {{key: {scalar(project.pass_key)}}}"]
    return []


def _source(gate: str, build: str) -> list[str]:
    """Return whose releases a reusable workflow may pass, and where: it judges for all who call it.

    Who calls it chooses its runner, and who has that machine could sign in its name.
    """
    if "/.github/workflows/" not in gate:
        return []
    return [
        f"    source-repository: {scalar(build.partition('/.github/')[0])}",
        "    # On a runner of your own, who has the machine could sign for the workflow.",
        "    runner-environment: github-hosted",
    ]
