"""What a cluster's API server is asked: reading alone."""
