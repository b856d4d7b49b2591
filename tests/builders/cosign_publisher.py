"""Signatures in cosign's older form, which gate reads and never writes."""

from __future__ import annotations

from collections.abc import Mapping

from gate.model.image import Digest, ResolvedImage
from gate.registry.oci.contents import SIGNATURE_TYPE, referrers_tag
from gate.registry.write.publish import RepositoryPublisher


class CosignPublisher(RepositoryPublisher):
    """Attaches what gate attaches, and signatures as cosign before 3.0 stores them."""

    def push_signature_legacy(
        self, image: ResolvedImage, payload: bytes, *, annotations: Mapping[str, str]
    ) -> Digest:
        """Append a simple-signing payload to the `.sig` image; return that image's digest.

        The annotations hold the signature under `dev.cosignproject.cosign/signature`.
        """
        tag = f"{referrers_tag(image.digest)}.sig"
        return self._tags.append(self._finds(image), tag, SIGNATURE_TYPE, payload, annotations)
