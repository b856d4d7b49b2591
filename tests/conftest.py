"""What every test shares: how examples are drawn."""

from __future__ import annotations

from hypothesis import settings

# A machine that is busy is no fault of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
