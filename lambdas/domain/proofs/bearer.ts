import { readKey } from './key-format.ts';
import type { Proof } from './proof.ts';

/** The token of `Bearer <token>` (RFC 6750 §2.1). */
export const bearerToken = (value: string): string | undefined => /^bearer +([\w.~+/-]+=*)$/i.exec(value)?.[1];

/** `Authorization: Bearer xct_…`. Another token is not ours to judge: an upstream's, or a JWT beside a key. */
export const bearer: Proof = {
  header: 'authorization',
  read(value) {
    const token = bearerToken(value);
    if (token === undefined) return 'malformed';
    return token.startsWith('xct_') ? (readKey(token) ?? 'malformed') : undefined;
  },
};
