"""Evidence that lies in no registry."""
