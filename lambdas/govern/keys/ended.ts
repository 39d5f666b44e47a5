import type { KeyRecord } from '../../domain/records.ts';

/** Whether a key is revoked or expired at `now` (ms). */
export const hasEnded = (
  { revoked_at, expires_at }: Pick<KeyRecord, 'revoked_at' | 'expires_at'>,
  now: number,
): boolean => revoked_at !== undefined || (expires_at !== undefined && Date.parse(expires_at) <= now);
