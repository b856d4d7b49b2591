"""What a hostile review of each class of input tried: `CLASS.json`, for `docs/assurance.md`.

A file has a `name`, the `date` of the last try, and `tried`: each with `what`, what gate `does`,
and the `test` that keeps it so (`tests/cli/test_x.py::test_y`), empty where it was tried by hand
alone.
"""
