"""What the status of an answer means, by name.

https://www.rfc-editor.org/rfc/rfc9110#name-status-codes
"""

from __future__ import annotations

from typing import Final

OK: Final = 200
CREATED: Final = 201
ACCEPTED: Final = 202
PARTIAL_CONTENT: Final = 206
BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
TOO_MANY_REQUESTS: Final = 429
INTERNAL_SERVER_ERROR: Final = 500
