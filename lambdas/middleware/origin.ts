import { createHash, timingSafeEqual } from 'node:crypto';
import type { HeaderValues } from './event.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether a request came through the distribution, which adds a secret header to everything it forwards: the authorizer
 * asks this for guarded routes, the functions of public routes ask it themselves.
 */
export async function cameThroughDoor(headers: HeaderValues, originSecret: () => Promise<string>): Promise<boolean> {
  const values = headers['x-xct-origin'];
  return values?.length === 1 && timingSafeEqual(digest(values[0]!), digest(await originSecret()));
}
