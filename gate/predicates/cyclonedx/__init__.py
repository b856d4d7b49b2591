"""CycloneDX documents: SBOMs, and what they say about vulnerabilities."""
