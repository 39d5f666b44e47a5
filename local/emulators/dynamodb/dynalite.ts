import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { AwsError } from '../aws-error.ts';
import type { Item, Store, Table } from './store.ts';

// dynalite is reached by its inner modules: its own HTTP server dies when a client aborts an upload.
// These paths and shapes are those of 4.0.0, which package.json pins exactly.
const require = createRequire(import.meta.url);

interface Validation {
  readonly types: Record<string, unknown>;
  readonly custom?: unknown;
}
type Action = (store: Store, data: object, done: (error: Error | null, answer: object) => void) => void;
const database = require('dynalite/db') as {
  create(options: object): Store;
  itemSize(item: Item): number;
  checkConditional(
    data: Record<string, unknown>,
    existing?: Item,
  ): { body: Record<string, unknown> } | null | undefined;
};
const validations = require('dynalite/validations') as {
  checkTypes(input: unknown, types: object): Record<string, unknown>;
  checkValidations(input: object, types: object, custom: unknown, store: Store): void;
};
const validationOf = (action: string) => require(`dynalite/validations/${action}`) as Validation;

// dynalite drops parameters it does not know; these two are put back where it looks for them.
for (const action of ['putItem', 'updateItem', 'deleteItem'])
  validationOf(action).types['ReturnValuesOnConditionCheckFailure'] = { type: 'String', enum: ['ALL_OLD', 'NONE'] };
validationOf('createTable').types['StreamSpecification'] = {
  type: 'FieldStruct<StreamSpecification>',
  children: { StreamEnabled: 'Boolean', StreamViewType: 'String' },
};
const { checkConditional } = database;
database.checkConditional = (data, existing) => {
  const failure = checkConditional(data, existing);
  if (failure && existing && data['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD') failure.body['Item'] = existing;
  return failure;
};

async function refusing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { body, message } = error as { body?: Record<string, unknown>; message: string };
    throw body === undefined ? error : new AwsError(String(body['__type']), message, body);
  }
}

/** Opens the store in a folder, or in memory without one; rejects when another process holds the folder. */
export async function openStore(folder: string | undefined): Promise<Store> {
  const instantly = { createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 };
  const store = database.create({ ...instantly, ...(folder === undefined ? {} : { path: folder }) });
  await store.db.open().catch((error: { cause?: { code?: string } }) => {
    if (error.cause?.code !== 'LEVEL_LOCKED') throw error;
    throw new Error('The DynamoDB folder is open in another process.', { cause: error });
  });
  return store;
}

/** Checks an input as AWS does before it acts; the answer is what `act` takes. Throws `AwsError`. */
export const prepare = (store: Store, action: string, input: unknown): Promise<object> =>
  refusing(() => {
    const { types, custom } = validationOf(action);
    const data = validations.checkTypes(input, types);
    validations.checkValidations(data, types, custom, store);
    return data;
  });

/** Runs one of dynalite's actions (`putItem`, …) on prepared data. Throws `AwsError`. */
export const act = (store: Store, action: string, data: object): Promise<object> =>
  refusing(() => promisify(require(`dynalite/actions/${action}`) as Action)(store, data));

/** The table's description; throws ResourceNotFoundException. */
export const tableOf = (store: Store, name: string): Promise<Table> => refusing(() => promisify(store.getTable)(name));

/** Bytes that DynamoDB counts for an item (names and values). */
export const itemBytes = (item: Item): number => database.itemSize(item);
