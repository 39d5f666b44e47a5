import type { Clock } from '../../ports/world.ts';
import { readNamed } from './client.ts';
import { kept } from './kept.ts';

const textOf = (json: Readonly<Record<string, unknown>>): string => {
  const { value } = json;
  if (typeof value !== 'string' || value === '') throw new Error('A secret holds no value.');
  return value;
};

/** Reads what CloudFront adds to every request, so that the origin knows its door: `{"value"}` of `ORIGIN_SECRET_ID`. */
export function originSecret(clock: Clock): () => Promise<string> {
  const load = kept(clock, async () => textOf((await readNamed('ORIGIN_SECRET_ID')).json));
  return () => load();
}

/** The one-time token of `BOOTSTRAP_SECRET_ID` and when it was made (milliseconds since the epoch); never kept. */
export async function bootstrapToken(): Promise<{ readonly value: string; readonly createdAt: number }> {
  const { json, createdAt } = await readNamed('BOOTSTRAP_SECRET_ID');
  return { value: textOf(json), createdAt };
}
