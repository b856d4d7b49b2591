"""What every check on evidence shares: its form, counting signers, and what is missing and why."""
