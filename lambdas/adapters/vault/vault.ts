import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import type { StoredCredential, Vault } from '../../ports/vault.ts';
import type { Clock } from '../../ports/world.ts';
import { readSecret, secretsManager } from './client.ts';
import { credentialOf } from './credential.ts';
import { memoryMs } from './kept.ts';

type Owner = Parameters<Vault['read']>[0];

/** A name deleted by force is free again only after a while (DeleteSecret is asynchronous). */
const attempts = 5;
const pauseMs = 250;
/** Credentials in memory at once; past it the oldest goes. */
const maxKept = 1000;

const nameOf = ({ org_id, id }: Owner): string => {
  const prefix = process.env['SECRET_PREFIX'];
  if (!prefix) throw new Error('SECRET_PREFIX is not set.');
  return `${prefix}${org_id}/${id}`;
};

/** Takes a name back that waits for its deletion; one that is being deleted by force is simply gone. */
async function restore(name: string): Promise<void> {
  try {
    await secretsManager().send(new RestoreSecretCommand({ SecretId: name }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException || error instanceof InvalidRequestException)) throw error;
  }
}

/** Creates the secret, or puts a new value where the name is taken. */
async function put(server: Owner, text: string): Promise<void> {
  const name = nameOf(server);
  const key = process.env['VAULT_KEY_ARN'];
  const create = new CreateSecretCommand({
    Name: name,
    SecretString: text,
    ...(key ? { KmsKeyId: key } : {}),
    Tags: [
      { Key: 'xct:org', Value: server.org_id },
      { Key: 'xct:server', Value: server.id },
    ],
  });
  for (let attempt = 1; ; attempt++)
    try {
      await secretsManager().send(create);
      return;
    } catch (error) {
      if (error instanceof ResourceExistsException) {
        await secretsManager().send(new PutSecretValueCommand({ SecretId: name, SecretString: text }));
        return;
      }
      if (!(error instanceof InvalidRequestException) || attempt === attempts) throw error;
      await restore(name);
      if (attempt > 1) await pause(pauseMs * attempt);
    }
}

/** Shared credentials of servers in Secrets Manager, at most five minutes in memory. */
export function secretsVault(clock: Clock): Vault {
  const memory = new Map<string, { readonly credential: StoredCredential; readonly until: number }>();
  const keep = (name: string, credential: StoredCredential): void => {
    memory.delete(name);
    memory.set(name, { credential, until: clock() + memoryMs });
    if (memory.size > maxKept) memory.delete(memory.keys().next().value!);
  };

  return {
    async read(server, { fresh = false } = {}) {
      const name = nameOf(server);
      const known = memory.get(name);
      if (known && !fresh && clock() < known.until) return known.credential;
      // Absence is not kept: another environment may be storing the credential right now.
      memory.delete(name);
      const secret = await readSecret(name);
      if (!secret) return undefined;
      const credential = credentialOf(secret.json);
      keep(name, credential);
      return credential;
    },
    async write(server, credential) {
      await put(server, JSON.stringify(credential));
      keep(nameOf(server), credential);
    },
    async remove(server) {
      const name = nameOf(server);
      memory.delete(name);
      // By force, nothing lingers, and deleting what is not there is no error.
      await secretsManager().send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
    },
    async check() {
      await readSecret(nameOf({ org_id: 'health', id: 'check' }));
    },
  };
}
