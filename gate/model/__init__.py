"""The vocabulary of gate: frozen dataclasses, standard library only."""
