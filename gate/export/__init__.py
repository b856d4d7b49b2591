"""One policy in the words of other enforcers, each with an account of what it loses.

A target is a function from a `Policy` to `Exported`. It says of each demand of the policy
whether it is expressed; what it says nothing of is listed as lost, so nothing is dropped in
silence.
"""
