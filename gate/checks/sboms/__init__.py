"""What an SBOM lists, held against what the policy forbids."""
