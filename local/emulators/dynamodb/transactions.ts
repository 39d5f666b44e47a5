import { AwsError } from '../aws-error.ts';
import { act, itemBytes, prepare, tableOf } from './dynalite.ts';
import { type Recording, recordWrites } from './recording.ts';
import type { Item, Store } from './store.ts';

type Kind = 'ConditionCheck' | 'Put' | 'Update' | 'Delete';
interface Target {
  readonly TableName: string;
  readonly ConditionExpression?: string;
  readonly Key?: Item;
  readonly Item?: Item;
}
/** TransactWriteItems as it arrives, attribute values in their JSON form. */
export interface TransactWriteInput {
  readonly TransactItems: readonly Partial<Record<Kind, Target>>[];
  readonly ClientRequestToken?: string;
}
/** TransactGetItems as it arrives. */
export interface TransactGetInput {
  readonly TransactItems: readonly { readonly Get: object }[];
}

/** Why one item stopped a transaction; code `None` where it did not. */
interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

// A condition check is a delete whose write is thrown away.
const actions: Record<Kind, string> = {
  ConditionCheck: 'deleteItem',
  Put: 'putItem',
  Update: 'updateItem',
  Delete: 'deleteItem',
};
const maxBytes = 4 * 1024 * 1024;

const invalid = (message: string) => new AwsError('ValidationException', message);

/** TransactionCanceledException with one reason per item, in the order of the request. */
export const cancelled = (reasons: readonly CancellationReason[]): AwsError => {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', message, { CancellationReasons: reasons });
};

function checkCount(items: readonly unknown[] | undefined): void {
  if (items === undefined || items.length < 1 || items.length > 100)
    throw invalid('transactItems must have length less than or equal to 100 and greater than or equal to 1');
}

function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof AwsError)) throw error;
  const { __type: type, Item: item } = error.body;
  if (String(type).endsWith('ConditionalCheckFailedException'))
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...(item === undefined ? {} : { Item: item }) };
  if (String(type).endsWith('ValidationException')) return { Code: 'ValidationError', Message: error.message };
  throw error;
}

/** One action of a transaction, checked but not yet run. */
async function planned(store: Store, entry: Partial<Record<Kind, Target>>) {
  const [[kind, target] = [], ...others] = Object.entries(entry) as [Kind, Target][];
  if (kind === undefined || target === undefined || others.length > 0 || !Object.hasOwn(actions, kind))
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  if (kind === 'ConditionCheck' && target.ConditionExpression === undefined)
    throw invalid('The expression can not be empty; ConditionCheck needs a ConditionExpression');
  const { KeySchema } = await tableOf(store, target.TableName);
  const attributes = target.Item ?? target.Key;
  const key = KeySchema.map(({ AttributeName }) => attributes?.[AttributeName]);
  const identity = JSON.stringify([target.TableName, key]);
  return { kind, identity, data: await prepare(store, actions[kind], target) };
}

/** Runs a transaction's actions without writing; answers what to write, or throws the cancellation with its reasons. */
export async function transactWrite(store: Store, { TransactItems }: TransactWriteInput): Promise<Recording> {
  checkCount(TransactItems);
  const plan = [];
  for (const entry of TransactItems) plan.push(await planned(store, entry));
  if (new Set(plan.map(({ identity }) => identity)).size < plan.length)
    throw invalid('Transaction request cannot include multiple operations on one item');

  const { view, recording } = recordWrites(store);
  const reasons: CancellationReason[] = [];
  for (const { kind, data } of plan) {
    const target = kind === 'ConditionCheck' ? recordWrites(store).view : view;
    reasons.push(await act(target, actions[kind], data).then(() => ({ Code: 'None' }), reasonOf));
  }
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  const bytes = recording.items.reduce((sum, { after }) => sum + (after === undefined ? 0 : itemBytes(after)), 0);
  if (bytes > maxBytes) throw invalid('The aggregate size of the items in the transaction exceeds 4 MB');
  return recording;
}

/** TransactGetItems: the items in the order asked, `{}` for one that does not exist. */
export async function transactGet(store: Store, { TransactItems }: TransactGetInput): Promise<object> {
  checkCount(TransactItems);
  const Responses = [];
  for (const { Get } of TransactItems) {
    const { Item } = (await act(store, 'getItem', await prepare(store, 'getItem', Get))) as { Item?: Item };
    Responses.push(Item === undefined ? {} : { Item });
  }
  return { Responses };
}
