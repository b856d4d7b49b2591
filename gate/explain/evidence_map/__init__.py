"""Which checks and rules of a policy answer which items of a security framework."""
