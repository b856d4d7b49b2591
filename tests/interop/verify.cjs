// Verifies a Sigstore bundle with @sigstore/verify, as standard input tells it, and prints what
// was signed. Exits with 1, and says why on standard error, if the bundle is refused.
const { createPublicKey } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { bundleFromJSON } = require('@sigstore/bundle');
const { TrustedRoot } = require('@sigstore/protobuf-specs');
const { Verifier, toSignedEntity, toTrustMaterial } = require('@sigstore/verify');

const asked = JSON.parse(readFileSync(0, 'utf8'));
const bundle = bundleFromJSON(asked.bundle);
const keyOf = () => {
  if (!asked.key) throw new Error('no key is trusted');
  return { publicKey: createPublicKey(asked.key), validFor: () => true };
};
const trust = toTrustMaterial(TrustedRoot.fromJSON(asked.trustedRoot), keyOf);
const policy = asked.identity && {
  subjectAlternativeName: asked.identity,
  extensions: { issuer: asked.issuer },
};
try {
  new Verifier(trust, asked.thresholds).verify(toSignedEntity(bundle), policy);
} catch (error) {
  console.error(`${error.code ?? error.name}: ${error.message}`);
  process.exit(1);
}
process.stdout.write(bundle.content.dsseEnvelope.payload.toString());
