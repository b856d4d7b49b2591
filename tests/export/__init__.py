"""What other enforcers are told of a policy."""
