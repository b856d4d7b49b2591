"""What is known of Kubernetes' own kinds: their fields, by version, and what each may hold."""
