"""Files that are found in a checkout, which somebody else filled: read where they are plain files.

A pipe there would hold a run for ever. What a call names itself may be one.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

_READ: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK


def read_plain(path: Path, most: int) -> bytes:
    """Return a file, or `most` bytes of it. Raises OSError, also for a pipe or a device.

    A link is followed.
    """
    descriptor = os.open(path, _READ)
    with os.fdopen(descriptor, "rb") as file:  # a folder raises IsADirectoryError here
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file")
        return file.read(most)
