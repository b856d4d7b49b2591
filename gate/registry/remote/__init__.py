"""Repositories in registries over HTTP, to read and to write."""
