"""Repositories in OCI layout folders on disk, to read and to write."""
