"""Tags to digests, in the text of a manifest, and nothing else changed."""

from __future__ import annotations

from collections.abc import Mapping

from gate.documents.scalars_at import scalars_at
from gate.errors import DocumentError
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.kubernetes import ImageUse


def pin(data: bytes, path: str, pins: Mapping[str, str]) -> bytes:
    """Return the file with each image that `pins` has, by its text, replaced by the text there.

    Comments, quotes, line ends and everything else stay byte for byte; an image that `pins`
    lacks stays too, so pinning twice changes nothing the second time. The file is read
    again afterwards: if it does not name exactly what it should, nothing is returned.
    Raises DocumentError, also for a file that does not load.
    """
    uses = _uses(data, path)
    whole = [u for u in uses if u.image in pins and u.split is None and not u.fixed]
    places = {use.location: f"{use.prefix}{use.image}" for use in whole}
    texts = {f"{use.prefix}{use.image}": f"{use.prefix}{pins[use.image]}" for use in whole}
    text = data.decode()
    for scalar in sorted(scalars_at(text, path, places), key=lambda s: -s.start):
        new = f"{scalar.quote}{texts[scalar.value]}{scalar.quote}"
        text = text[: scalar.start] + new + text[scalar.end :]
    pinned = text.encode()
    if [u.image for u in _uses(pinned, path)] != [pins.get(u.image, u.image) for u in uses]:
        raise DocumentError(
            "cannot-pin",
            f"{path} would not name the right images after pinning",
            remedy="write every image as plain or quoted text of its own",
        )
    return pinned


def _uses(data: bytes, path: str) -> tuple[ImageUse, ...]:
    manifests = load_manifests([(path, data)])
    for finding in manifests.findings:
        raise DocumentError(
            finding.code, finding.message, remedy=finding.remedy, location=finding.location
        )
    return image_uses(manifests.objects).uses
