import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../../ports/vault.ts';
import type { Clock } from '../../ports/world.ts';
import { randomText } from './random.ts';
import { versionedSecret } from './versioned.ts';

/** Compares in a time that does not tell where two strings of one length differ. */
function equal(a: string, b: string): boolean {
  const [one, two] = [Buffer.from(a), Buffer.from(b)];
  return one.length === two.length && timingSafeEqual(one, two);
}

/** HMAC-SHA-256 under the pepper in `PEPPER_SECRET_ID`; an unknown pepper version throws. */
export function pepperedSecrets(clock: Clock): Secrets {
  const find = versionedSecret(clock, 'PEPPER_SECRET_ID');
  return {
    random: randomText,
    equal,
    async hmac(secret, asked) {
      const pepper = await find(asked);
      if (!pepper) throw new Error('The pepper has no such version.');
      return { hmac: createHmac('sha256', pepper.secret).update(secret).digest('hex'), pepper: pepper.version };
    },
  };
}
