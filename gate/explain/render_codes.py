"""What the reason codes of rendering mean: charts and kustomizations that a call names."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "render-or-apply": CodePage(
        "A folder that a tool renders holds an object that could be applied as it is.",
        "The call names a chart or a kustomization. helm or kustomize makes another object of it "
        "than the one in the folder, and `kubectl apply -f` applies the one in the folder. gate "
        "judges one of the two, and does not guess which one is applied.",
        "Give --render if your pipeline applies only what the tool prints. Otherwise name the "
        "manifests alone.",
        "gate check --render overlays/production",
    ),
    "render-failed": CodePage(
        "A folder cannot be rendered.",
        "The message has the first line that the tool printed. The tool has no network, no "
        "plugins, no settings and no variables of this run: only the folder and the values.",
        "Correct what the tool names. Put charts and bases of others into the repository first, "
        "such as with `helm dependency build`.",
        "helm dependency build chart\ngate check chart --values production.yaml",
    ),
    "render-differs": CodePage(
        "A folder is rendered to something else each time.",
        "A template makes up a password, a key or a time. What is rendered for the cluster is then "
        "not what was judged, and no pass can bind it.",
        "Give what the template makes up in a file of values.",
        "gate check chart --values production.yaml",
    ),
    "render-nothing": CodePage(
        "The call asks to render, and names nothing that is rendered.",
        "--render needs the folder of a Helm chart or of a kustomization; --values and --release "
        "need a chart. gate looks at the named folder itself, not at those below it.",
        "Name the folder that holds Chart.yaml or kustomization.yaml.",
        "gate check deploy/chart --values production.yaml",
    ),
    "render-ambiguous": CodePage(
        "A folder is a chart and a kustomization.",
        "It holds Chart.yaml and kustomization.yaml. helm and kustomize would make different "
        "objects of it.",
        "Render it yourself, and pipe the result in.",
        "kustomize build folder | gate check -",
    ),
    "renderer-missing": CodePage(
        "The tool that renders cannot be found.",
        "gate uses your own helm, kustomize or kubectl from PATH, and downloads none.",
        "Install the tool, or render elsewhere and pipe the result in.",
        "helm template chart | gate check -",
    ),
    "renderer-untrusted": CodePage(
        "The tool that renders lies where a change can replace it.",
        "PATH names it by a relative folder, or it lies in the folder that is judged. The author "
        "of a change could then decide what is judged.",
        "Put an absolute folder outside of the checkout first into PATH.",
    ),
    "release-malformed": CodePage(
        "--release holds no name of a Helm release.",
        "A name has lower-case letters, digits and hyphens, at most 53.",
        "Write NAME or NAMESPACE/NAME.",
        "gate check chart --release shop/web",
    ),
}
