"""gate: one pipeline step that verifies a release and signs the verdict."""

__version__ = "0.2.0"
