import type { Records } from '../../ports/table.ts';
import type { Seal, Secrets } from '../../ports/vault.ts';

type Check = 'ok' | 'failed';

/** Whether the stores that decisions stand on answer: the table by a read, the vault by the pepper and the sealing key. */
export async function readiness({
  records,
  secrets,
  seal,
}: {
  readonly records: Pick<Records, 'get'>;
  readonly secrets: Pick<Secrets, 'hmac'>;
  readonly seal: Seal;
}): Promise<{ readonly status: 'ok' | 'degraded'; readonly checks: Readonly<Record<'table' | 'vault', Check>> }> {
  const [table, vault] = await Promise.all([
    answers(() => records.get('org', 'default', 'default')),
    answers(() => Promise.all([secrets.hmac('ready'), seal.seal('ready', 'ready', 'ready')])),
  ]);
  return { status: table === 'ok' && vault === 'ok' ? 'ok' : 'degraded', checks: { table, vault } };
}

/** A store that throws says why in its own logs; here it is a fact, not a fault. */
const answers = async (ask: () => Promise<unknown>): Promise<Check> => {
  try {
    await ask();
    return 'ok';
  } catch {
    return 'failed';
  }
};
