"""The two policies of the demo, and its manifest, as their owners write them."""

from __future__ import annotations

from typing import Final

POLICY: Final = """\
version: 1
verifier: https://acme.example/gate
signers:
  build: {key: keys/build.pub}
  scanner: {key: keys/scanner.pub}
registries:
  allow: [registry.example/acme]
images:
  - match: registry.example/**
    signature: {by: [build]}
    sbom: {by: [build]}
    scan-age: {by: [scanner], max-age: 7d}
manifests:
  profile: gate
pass:
  environment: production
  valid-for: 24h
  sign: {key: keys/gate.key}
"""

ADMIT: Final = """\
version: 1
signers:
  gate: {key: keys/gate.pub}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["POLICY"]
      max-age: 24h
      manifests: exact
"""

MANIFEST: Final = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  namespace: acme
spec:
  replicas: 2
  selector:
    matchLabels: {app: NAME}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      serviceAccountName: NAME
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: NAME
          image: IMAGE
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          resources:
            requests: {cpu: 50m, memory: 64Mi}
            limits: {cpu: 200m, memory: 64Mi}
          readinessProbe: {httpGet: {path: /, port: http}}
          livenessProbe: {httpGet: {path: /, port: http}}
          ports:
            - {name: http, containerPort: 8080}
"""
