import type { Mode } from './mode.ts';

/** `bearer_token`: `Authorization: Bearer {secret}` (RFC 6750 §2.1). */
export const bearerToken: Mode = {
  needs: ['secret'],
  settings: [],
  header: () => 'authorization',
  show: ({ secret }) => (secret === undefined ? undefined : { value: `Bearer ${secret}`, secrets: [secret] }),
};
