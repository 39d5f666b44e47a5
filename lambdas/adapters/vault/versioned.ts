import type { Clock } from '../../ports/world.ts';
import { readNamed } from './client.ts';
import { kept } from './kept.ts';

/** An unknown version may be a new one, so the secret is read again, but not at every request that names one. */
const rereadMs = 10_000;

/** A version of a rotated secret: `{"current":"1","1":"<random>"}`. */
export interface Version {
  readonly version: string;
  readonly secret: string;
}

/** Finds a version of the secret that `variable` names, the current one without a number; undefined for one it lacks. */
export function versionedSecret(clock: Clock, variable: string): (version?: string) => Promise<Version | undefined> {
  const load = kept(clock, async () => (await readNamed(variable)).json);
  const find = async (asked: string | undefined, maxAgeMs?: number): Promise<Version | undefined> => {
    const json = await load(maxAgeMs);
    const version = asked ?? json['current'];
    // Only digits name a version: `current` and what objects inherit do not.
    if (typeof version !== 'string' || !/^\d+$/.test(version) || !Object.hasOwn(json, version)) return undefined;
    const secret = json[version];
    return typeof secret === 'string' && secret.length >= 32 ? { version, secret } : undefined;
  };
  return async (version) => (await find(version)) ?? find(version, rereadMs);
}
