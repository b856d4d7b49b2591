"""What `gate demo` shows: a small release, and the ways in which it can be wrong."""
