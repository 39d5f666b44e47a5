import type { AwsJsonService } from '../aws-json.ts';
import { type Change, changeOf } from './change.ts';
import { keepChanges } from './change-log.ts';
import { act, prepare, tableOf } from './dynalite.ts';
import { type Recording, recordWrites } from './recording.ts';
import { isRepeated, keepToken } from './request-token.ts';
import type { BatchWrite, Store } from './store.ts';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.ts';
import { type TransactGetInput, type TransactWriteInput, transactGet, transactWrite } from './transactions.ts';

const reads = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'DescribeTable', 'ListTables', 'ListTagsOfResource'];
const tableWrites = ['CreateTable', 'UpdateTable', 'DeleteTable', 'TagResource', 'UntagResource'];
const itemWrites = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

/** Hands out turns: work given to it runs one piece at a time, in the order given. */
export function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/**
 * The emulated operations on an open store. Reads run at once; whatever writes, and what must see no half of a
 * transaction, takes turns through `inTurn`. `emit` gets each change after it is on disk, where it stays until it is
 * forgotten, and before the answer.
 */
export function dynamoDbOperations(
  store: Store,
  inTurn: ReturnType<typeof turns>,
  emit: ((change: Change) => void) | undefined,
): AwsJsonService['operations'] {
  let sequence = Date.now() * 1000; // rises across restarts too

  const commit = async ({ batch, items }: Recording, more: readonly BatchWrite[] = []) => {
    const changes: Change[] = [];
    for (const item of items) {
      const change = emit && changeOf(await tableOf(store, item.table), item, ++sequence);
      if (change !== undefined) changes.push(change);
    }
    await store.db.batch([...batch, ...more, ...keepChanges(changes)]);
    for (const change of changes) emit?.(change);
  };
  const run = async (name: string, target: Store, input: unknown) => {
    const action = name[0]!.toLowerCase() + name.slice(1);
    return act(target, action, await prepare(store, action, input));
  };
  const runAndCommit = async (name: string, input: unknown) => {
    const { view, recording } = recordWrites(store);
    const answer = await run(name, view, input);
    await commit(recording);
    return answer;
  };

  const each = (names: readonly string[], runOne: (name: string, input: unknown) => Promise<unknown>) =>
    Object.fromEntries(names.map((name) => [name, (input: unknown) => runOne(name, input)]));

  return {
    ...each(reads, (name, input) => run(name, store, input)),
    ...each(tableWrites, (name, input) => inTurn(() => run(name, store, input))),
    ...each(itemWrites, (name, input) => inTurn(() => runAndCommit(name, input))),
    TransactWriteItems: (input: TransactWriteInput) =>
      inTurn(async () => {
        if (!(await isRepeated(store, input))) {
          const token = keepToken(input); // before checking: dynalite's checks edit the input
          await commit(await transactWrite(store, input), token);
        }
        return {};
      }),
    TransactGetItems: (input: TransactGetInput) => inTurn(() => transactGet(store, input)),
    UpdateTimeToLive: (input: Parameters<typeof updateTimeToLive>[1]) => inTurn(() => updateTimeToLive(store, input)),
    DescribeTimeToLive: (input: { TableName: string }) => describeTimeToLive(store, input),
  };
}
