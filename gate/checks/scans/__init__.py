"""Which scans count for an image, what they found together, and what VEX says of it."""
