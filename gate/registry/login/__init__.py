"""Who we are to each host, and what it may hear of that."""
