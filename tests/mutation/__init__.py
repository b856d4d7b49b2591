"""Proof that the tests would notice: each condition of gate is broken once, and a test must fail.

`python -m tests.mutation ROOM` says how many of a room's conditions no test holds.
"""
