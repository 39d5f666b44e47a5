import { promisify } from 'node:util';
import { AwsError } from '../aws-error.ts';
import { tableOf } from './dynalite.ts';
import type { Store } from './store.ts';

interface TimeToLiveInput {
  readonly TableName: string;
  readonly TimeToLiveSpecification: { readonly AttributeName: string; readonly Enabled: boolean };
}

/** UpdateTimeToLive: kept in the table's description. Nothing is ever deleted; AWS promises only "within days". */
export async function updateTimeToLive(store: Store, input: TimeToLiveInput): Promise<object> {
  const { TimeToLiveDescription: present, ...table } = await tableOf(store, input.TableName);
  const { AttributeName, Enabled } = input.TimeToLiveSpecification;
  if (Enabled === (present !== undefined))
    throw new AwsError('ValidationException', `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  const next = Enabled ? { ...table, TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName } } : table;
  await promisify(store.tableDb.put)(table.TableName, next);
  return { TimeToLiveSpecification: input.TimeToLiveSpecification };
}

/** DescribeTimeToLive. */
export async function describeTimeToLive(store: Store, input: { readonly TableName: string }): Promise<object> {
  const { TimeToLiveDescription } = await tableOf(store, input.TableName);
  return { TimeToLiveDescription: TimeToLiveDescription ?? { TimeToLiveStatus: 'DISABLED' } };
}
