"""The steps of the GitHub actions: from the inputs to the program, and back to the outputs."""
