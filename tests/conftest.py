"""What every test shares: how examples are drawn, and fixtures that several rooms ask for."""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["tests.interop.kubernetes.api_server"]

# A machine that is busy is no fault of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
