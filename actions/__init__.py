"""The steps of the GitHub actions: from the runner's inputs to the program, and back to its outputs."""
