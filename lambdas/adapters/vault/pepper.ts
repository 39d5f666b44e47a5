import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../../ports/vault.ts';
import type { Clock } from '../../ports/world.ts';
import { versionedSecret } from './versioned.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The largest multiple of 62 in a byte: bytes from here on would make some characters likelier. */
const fair = 248;

/** Random base62 text from the system's generator. */
function random(length: number): string {
  let text = '';
  while (text.length < length)
    for (const byte of randomBytes(length)) if (byte < fair && text.length < length) text += base62[byte % 62];
  return text;
}

/** Compares in a time that does not tell where two strings of one length differ. */
function equal(a: string, b: string): boolean {
  const [one, two] = [Buffer.from(a), Buffer.from(b)];
  return one.length === two.length && timingSafeEqual(one, two);
}

/** HMAC-SHA-256 under the pepper in `PEPPER_SECRET_ID`; an unknown pepper version throws. */
export function pepperedSecrets(clock: Clock): Secrets {
  const find = versionedSecret(clock, 'PEPPER_SECRET_ID');
  return {
    random,
    equal,
    async hmac(secret, asked) {
      const pepper = await find(asked);
      if (!pepper) throw new Error('The pepper has no such version.');
      return { hmac: createHmac('sha256', pepper.secret).update(secret).digest('hex'), pepper: pepper.version };
    },
  };
}
