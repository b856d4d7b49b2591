"""In-toto layouts: verified in one call, from files that the policy and the run name."""
