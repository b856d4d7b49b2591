"""The steps of the GitHub actions: what stands between a runner and the program."""
