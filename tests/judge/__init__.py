"""A second judge of `gate check` and `gate admit`, written from the pages for users alone.

It knows `docs/policy.md`, `docs/checks.md`, `docs/evidence.md`, `docs/trust.md`, `docs/registry.md`
and `docs/pass.md`, and nothing of the code that it judges. The webhook has its own second judge in
`tests/admission/test_second_judge.py`.
"""
