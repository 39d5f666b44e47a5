import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Seal } from '../../ports/vault.ts';
import type { Clock } from '../../ports/world.ts';
import { type Version, versionedSecret } from './versioned.ts';

const algorithm = 'aes-256-gcm';
/** NIST SP 800-38D: 96-bit nonces at random, 128-bit tags. */
const nonceBytes = 12;
const tagBytes = 16;

/** What is authenticated beside the text; JSON keeps the parts from running into each other. */
const context = (version: string, purpose: string, bound: string): Buffer =>
  Buffer.from(JSON.stringify([version, purpose, bound]));

/**
 * AES-256-GCM under a key that HKDF (RFC 5869) derives for each purpose from the secret in `SEAL_SECRET_ID`. A sealed
 * text is `version.base64url(nonce | tag | ciphertext)`.
 */
export function sealer(clock: Clock): Seal {
  const find = versionedSecret(clock, 'SEAL_SECRET_ID');
  const keys = new Map<string, Buffer>();
  const keyFor = ({ version, secret }: Version, purpose: string): Buffer => {
    const name = `${version} ${purpose}`;
    const key = keys.get(name) ?? Buffer.from(hkdfSync('sha256', secret, '', `xct/seal/${purpose}`, 32));
    keys.set(name, key);
    return key;
  };

  return {
    async seal(purpose, bound, value) {
      const found = await find();
      if (!found) throw new Error('The seal has no current version.');
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, keyFor(found, purpose), nonce);
      cipher.setAAD(context(found.version, purpose, bound));
      const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
      return `${found.version}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },

    async open(purpose, bound, sealed) {
      const [, version, encoded] = /^(\d{1,9})\.([\w-]+)$/.exec(sealed) ?? [];
      if (version === undefined || encoded === undefined) return undefined;
      const bytes = Buffer.from(encoded, 'base64url');
      // Base64 has spare bits: only one spelling of a sealed text is ours.
      if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== encoded) return undefined;
      const found = await find(version);
      if (!found) return undefined;
      const nonce = bytes.subarray(0, nonceBytes);
      const decipher = createDecipheriv(algorithm, keyFor(found, purpose), nonce, { authTagLength: tagBytes });
      decipher.setAAD(context(version, purpose, bound));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const text = decipher.update(bytes.subarray(nonceBytes + tagBytes));
      try {
        return JSON.parse(Buffer.concat([text, decipher.final()]).toString());
      } catch {
        return undefined;
      }
    },
  };
}
