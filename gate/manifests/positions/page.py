"""The page that prints the table of image positions: `docs/images.md`."""

from __future__ import annotations

from typing import Final

from gate.manifests.positions.pod_rows import (
    ANNOTATIONS,
    ARGUMENTS,
    CSI_ATTRIBUTES,
    SPOKEN_ARGUMENTS,
    VARIABLES,
)
from gate.manifests.positions.row import Row
from gate.manifests.positions.rows import MACHINE_GROUPS, NAMING_GROUPS, ROWS

_INTRO: Final = """\
# Where gate looks for images

Made from `gate/manifests/positions/` by `make docs`. Every image that manifests name is judged.
What looks like an image and is in none of these positions is a finding `unjudged-image`, which
blocks unless the policy says `warn: [unjudged-image]`, or says what the field is:

```yaml
manifests:
  images:
    - {kind: ops.example.org/Broker, path: "spec.pools[*].engine", tag: "spec.pools[*].release"}
    - {kind: Broker, path: spec.screenshots, ignore: pictures for the console}
```

`path` is written as reports write a field; `[*]` is every item of a list, `*` every key of a
mapping. An ignored field covers the fields below it. A deploy policy that judges the same objects
needs the same entries. `gate lint` without a policy warns of `unjudged-image`.

## In every kind

- **Pods**, in every kind that has them: containers, init containers, ephemeral containers and
  image volumes. One without an image is `image-missing`, which always blocks.
- **A custom kind's text** under `image`; under a key that ends in image (`proxyImage`,
  `base-image`) or names one (`imageName`, `imageURL`) where the text has a registry. A tag in a
  field beside it counts: `proxyImageTag`, `imageTag`, `tag`.
- **A mapping** under such a key: `{repository: …, tag: …}`, `{registry: …, repository: …}`,
  `{name: …}`, `{reference: …}`; the tag may be `tag`, `newTag` or `version`, the digest `digest`. A
  mapping elsewhere counts where its repository names a registry and a tag is beside it.
- **A repository without a tag** is `unjudged-image`: the cluster fills the tag in.
- **No image at all**: the operator runs its own default, and gate says nothing of it.
- **`from: {kind: DockerImage, name: …}`**, and the parameter `bundle` of a Tekton resolver.
- **Objects inside of objects**: mappings with apiVersion and kind, and YAML that is the text of a
  field. They are judged and linted as if they were alone. A mapping is looked at as a plain part
  too: an image in what says that it is a Service, or another kind without images, is
  `unjudged-image`.
- **Containers and volumes in a text** without apiVersion and kind, such as `podSpecPatch` of a
  workflow or a pod template in a ConfigMap.
- **A text that says by itself what it is**: a registry, a name, and a tag or digest
  (`ghcr.io/acme/agent:1`), or `oci://`, `docker://` or `registry://` before a name. Under any key
  of a custom kind or a ConfigMap, and in any variable of a container, it is `unjudged-image`.
  Of a container's arguments only one by digest is, because programs push images too.
  Repositories of code (`github.com/…`) and taints (`….kubernetes.io/…`) are none.
- **What the names of images begin with** is `unjudged-image`: a registry under `imageRegistry`,
  `imagePrefix` or `IMAGE_REGISTRY`, a folder of one under `hub`, and `repoURL` without a scheme
  beside `chart`.
- **A file in a ConfigMap or Secret** is searched as the values of a chart are, where it is YAML or
  JSON. An image in it that has a registry is `unjudged-image`; so is one in a line such as
  `AGENT_IMAGE=ghcr.io/acme/agent:1` of another file.

The sources were looked up in November 2026. A row for which none was found says so.

Quiet are `status`, names of picture and disk files, web addresses, `ami-…`,
`projects/…/images/…`, keys that speak of a logo, an icon or how an image is pulled, and machine
images in the groups below.

"""


def page() -> str:
    """Return the page in Markdown."""
    parts = [_INTRO, "## In pods\n\n| position | source |\n| --- | --- |\n"]
    for name, source in _pod_positions():
        parts.append(f"| {name} | <{source}> |\n")
    parts.append("\n## In certain kinds\n\n| kind | field | holds | source |\n")
    parts.append("| --- | --- | --- | --- |\n")
    for row in sorted(ROWS, key=lambda r: (r.group, r.kind, r.path)):
        name = f"{row.kind}.{row.group}" if row.group else row.kind
        parts.append(f"| {name} | {_field(row)} | {row.meaning.value} | <{row.source}> |\n")
    parts.append("\n## Kinds that name images and run none\n\n| group | source |\n| --- | --- |\n")
    for group, source in sorted(NAMING_GROUPS.items()):
        parts.append(f"| {group} | <{source}> |\n")
    parts.append("\n## Machines of clouds\n\nIn these groups, `image` without a registry is a ")
    parts.append("machine's disk.\n\n| group | source |\n| --- | --- |\n")
    for group, source in sorted(MACHINE_GROUPS.items()):
        parts.append(f"| {group} | {_source(source)} |\n")
    return "".join(parts)


def _pod_positions() -> list[tuple[str, str]]:
    found = []
    for row in ANNOTATIONS:
        tag = f", tag in `{row.version}`" if row.version else ""
        found.append((f"annotation `{row.key}`{tag}", row.source))
    found += [
        ("variables `RELATED_IMAGE_…`, and `…_IMAGE` with a registry", VARIABLES),
        ("arguments `--…-image=REF`, and `-…-image` with the next one", SPOKEN_ARGUMENTS),
        *((f"argument `{name}=REF`", source) for name, source in sorted(ARGUMENTS.items())),
        ("`volumes[*].csi.volumeAttributes.image`", CSI_ATTRIBUTES),
    ]
    return found


def _source(source: str) -> str:
    return f"<{source}>" if source.startswith("https://") else source


def _field(row: Row) -> str:
    tags = f", tag in {' or '.join(f'`{tag}`' for tag in row.tag)}" if row.tag else ""
    digest = f", digest in `{'.'.join(row.digest)}`" if row.digest else ""
    after = f", after `{row.after}`" if row.after else ""
    return f"`{row.path}`{tags}{digest}{after}"
