import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { BatchWrite, Store } from './store.ts';
import type { TransactWriteInput } from './transactions.ts';

interface Kept {
  readonly digest: string;
  readonly at: number;
}
const keptMs = 10 * 60 * 1000;
const isOver = ({ at }: Kept) => at + keptMs < Date.now();
const digestOf = (items: TransactWriteInput['TransactItems']) =>
  createHash('sha256').update(JSON.stringify(items)).digest('hex');

/** True when a transaction under this token was done in the last ten minutes; throws when it was another one. */
export async function isRepeated(store: Store, { ClientRequestToken: token, TransactItems }: TransactWriteInput) {
  const kept = token === undefined ? undefined : ((await store.db.get(`token~${token}`)) as Kept | undefined);
  if (kept === undefined || isOver(kept)) return false;
  if (kept.digest === digestOf(TransactItems)) return true;
  throw new AwsError(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous request, but with different parameters.',
  );
}

/** The row that remembers a transaction's token; it belongs in the transaction's own batch. */
export const keepToken = ({ ClientRequestToken: token, TransactItems }: TransactWriteInput): BatchWrite[] =>
  token === undefined
    ? []
    : [
        {
          type: 'put',
          key: `token~${token}`,
          value: { digest: digestOf(TransactItems), at: Date.now() } satisfies Kept,
        },
      ];

/** Deletes the tokens whose ten minutes are over. */
export async function forgetTokens(store: Store): Promise<void> {
  const over: BatchWrite[] = [];
  for await (const [key, kept] of store.db.iterator({ gte: 'token~', lt: 'token~\xff' }))
    if (isOver(kept as Kept)) over.push({ type: 'del', key });
  await store.db.batch(over);
}
