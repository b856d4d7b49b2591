"""The webhook: an AdmissionReview to the pipeline's own verdict, and back. `gate serve` runs it.

https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
"""
