"""SPDX 2 SBOMs."""
