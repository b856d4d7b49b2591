"""Where objects name images: a table of kinds, forms that any kind may use, and what looks like it.

`rows` and `pod_rows` are data with a source for each row, printed in `docs/images.md`.
"""
