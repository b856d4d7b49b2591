"""One module a command: its name, its options and its help. What it does is in `runs`."""
