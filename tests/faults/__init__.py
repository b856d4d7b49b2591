"""Every call that leaves the process, with each fault: what becomes of a run.

`python -m tests.faults` tries all of them and writes `outcomes.json`, from which
`docs/assurance.md` is made. The suite tries a part.
"""
