import type { ModelKey } from '../../ports/model.ts';
import type { Clock } from '../../ports/world.ts';
import { readSecret } from './client.ts';
import { kept } from './kept.ts';

async function load(secretId: string): Promise<string> {
  const key = (await readSecret(secretId))?.json['api_key'];
  if (typeof key !== 'string' || key === '') throw new Error('The secret of a model holds no api_key.');
  return key;
}

/** Keys of model providers: `{"api_key"}` of the secret that the settings name, at most five minutes in memory. */
export function modelKeys(clock: Clock): ModelKey {
  const readers = new Map<string, () => Promise<string>>();
  return (secretId) => {
    const read = readers.get(secretId) ?? kept(clock, () => load(secretId));
    readers.set(secretId, read);
    return read();
  };
}
