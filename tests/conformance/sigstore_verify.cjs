// Judges bundles with npm's @sigstore/verify: cases in as JSON on stdin, verdicts out by name.
const { bundleFromJSON } = require('@sigstore/bundle');
const { TrustedRoot } = require('@sigstore/protobuf-specs');
const { Verifier, toSignedEntity, toTrustMaterial } = require('@sigstore/verify');
const { createPublicKey } = require('node:crypto');
const { readFileSync } = require('node:fs');

const judge = ({ bundle, root, artifact, key, identity, issuer }) => {
  const keys = key && (() => ({ publicKey: createPublicKey(key), validFor: () => true }));
  const material = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root)), keys);
  const data = artifact === null ? undefined : Buffer.from(artifact, 'base64');
  const entity = toSignedEntity(bundleFromJSON(JSON.parse(bundle)), data);
  const policy = key ? undefined : { subjectAlternativeName: identity, extensions: { issuer } };
  new Verifier(material, { tsaThreshold: 0 }).verify(entity, policy);
};

const verdicts = {};
for (const [name, asked] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
  try {
    judge(asked);
    verdicts[name] = 'accepted';
  } catch (error) {
    verdicts[name] = `refused: ${error.code ?? error.name}: ${error.message}`;
  }
}
process.stdout.write(JSON.stringify(verdicts));
