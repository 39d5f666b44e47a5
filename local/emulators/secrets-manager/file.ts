import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../durable-file.ts';
import type { Secret, Secrets } from './secret.ts';

/** Where the secrets live between starts. */
export interface SecretsFile {
  load(): Secrets;
  /** Returns when the secrets are on disk. */
  save(secrets: Secrets): void;
}

const ivBytes = 12;
const tagBytes = 16;

function decrypt(key: Uint8Array, bytes: Buffer): Secrets {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString();
    return new Map(JSON.parse(text) as [string, Secret][]);
  } catch {
    throw new Error('secrets.bin does not open with secrets.key: another key, or a damaged file.');
  }
}

/** One AES-256-GCM file (iv, tag, ciphertext) with its key beside it; throws when the two do not belong together. */
export function secretsFile(folder: string): SecretsFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'secrets.bin');
  const keyPath = join(folder, 'secrets.key');
  if (!existsSync(keyPath)) {
    if (existsSync(path)) throw new Error('secrets.bin is there but secrets.key is gone: the secrets cannot be read.');
    writeDurably(folder, 'secrets.key', randomBytes(32));
  }
  const key = readFileSync(keyPath);
  return {
    load: () => (existsSync(path) ? decrypt(key, readFileSync(path)) : new Map()),
    save(secrets) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const text = Buffer.concat([cipher.update(JSON.stringify([...secrets])), cipher.final()]);
      writeDurably(folder, 'secrets.bin', Buffer.concat([iv, cipher.getAuthTag(), text]));
    },
  };
}

/** Secrets that end with the process. */
export const inMemory: SecretsFile = { load: () => new Map(), save: () => undefined };
