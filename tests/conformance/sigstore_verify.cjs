// Verifies what it reads on standard input with npm's @sigstore/verify, and prints a verdict each.
// In: [{bundle, root, artifact, key}], texts but for artifact, which is base64 or null.
"use strict";
const crypto = require("node:crypto");
const path = require("node:path");
const load = (name) => require(path.join(process.argv[2], "node_modules", name));
const { bundleFromJSON } = load("@sigstore/bundle");
const { TrustedRoot } = load("@sigstore/protobuf-specs");
const { Verifier, toSignedEntity, toTrustMaterial } = load("@sigstore/verify");

function verdict({ bundle, root, artifact, key }) {
  try {
    const publicKey = key && (() => ({ publicKey: crypto.createPublicKey(key), validFor: () => true }));
    const trust = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root)), publicKey || undefined);
    const data = artifact === null ? undefined : Buffer.from(artifact, "base64");
    new Verifier(trust).verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle)), data));
    return "verified";
  } catch (error) {
    return String(error.code || error.message).slice(0, 200);
  }
}

const asked = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(verdict)));
