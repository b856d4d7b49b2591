"""The SPDX licence list: the ids that CycloneDX's schema takes for `license.id`.

https://spdx.org/licenses/

Ids of exceptions and deprecated ids are on the list too; case counts. The list is that of
the installed `license-expression`, put right where the two differ.
"""

from __future__ import annotations

import functools
from typing import Final

_LISTED_SINCE: Final = frozenset(
    {
        *("ALGLIB-Documentation", "Advanced-Cryptics-Dictionary", "BOLA-1.1", "BSD-3-Clause-Tso"),
        *("BSD-Mark-Modifications", "Buddy", "CAPEC-tou", "Classpath-exception-2.0-short"),
        *("ESA-PL-permissive-2.4", "ESA-PL-strong-copyleft-2.4", "ESA-PL-weak-copyleft-2.4"),
        *("GPL-2.0-with-bison-exception", "HPND-SMC", "HPND-sell-variant-critical-systems"),
        *("ISO-permission", "MIT-STK", "MMPL-1.0.1", "NIST-PD-TNT", "OSC-1.0", "OSSP"),
        *("OpenMDW-1.0", "ParaType-Free-Font-1.3", "SGMLUG-PM", "Simple-Library-Usage-exception"),
        *("TekHVC", "UnRAR", "Vixie-Cron", "WTFNMFPL", "WordNet", "X11-no-permit-persons"),
        *("hyphen-bulgarian", "kvirc-openssl-exception", "rsync-linking-exception"),
        "sqlitestudio-OpenSSL-exception",
    }
)
"""On SPDX's list and not in the library's."""
_NEVER_LISTED: Final = frozenset(
    {
        *("AGPL-1.0+", "AGPL-3.0+", "Assembly-exception", "BSD-2", "GFDL-1.1+", "GFDL-1.2+"),
        *("GFDL-1.3+", "GPL", "GPL 2.0", "GPL 2.0+", "Verbatim-man-pages"),
    }
)
"""Names that the library knows for a licence, and SPDX does not."""


@functools.cache
def license_ids() -> frozenset[str]:
    """Return every id of the list, which takes 10 ms to read."""
    from license_expression import get_license_index  # noqa: PLC0415  # few SBOMs have ids

    library = {
        name
        for entry in get_license_index()
        for name in (entry.get("spdx_license_key"), *(entry.get("other_spdx_license_keys") or ()))
        if name and not name.startswith("LicenseRef-")
    }
    return frozenset(library - _NEVER_LISTED | _LISTED_SINCE)
