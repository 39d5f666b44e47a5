import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** The one index: keys of an org by age, and the orgs. Eventually consistent, so nothing that decides reads it. */
const byOrg = 'byOrg';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** The single table; `docs/table.md` lists its keys. `keep` guards it against deletion, with the stack or by hand. */
export function createTable(scope: Construct, keep: boolean): TableV2 {
  return new TableV2(scope, 'Table', {
    partitionKey: text('pk'),
    sortKey: text('sk'),
    globalSecondaryIndexes: [
      { indexName: byOrg, partitionKey: text('gpk'), sortKey: text('gsk'), projectionType: ProjectionType.ALL },
    ],
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: 'ttl',
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    deletionProtection: keep,
    removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}

/** Reads by key. A transaction is authorised by the single actions it is made of. */
export const readTable = (table: TableV2): PolicyStatement =>
  new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
    resources: [table.tableArn],
  });

/** Lists through the index. */
export const listTable = (table: TableV2): PolicyStatement =>
  new PolicyStatement({ actions: ['dynamodb:Query'], resources: [`${table.tableArn}/index/${byOrg}`] });

const within = (table: TableV2, actions: readonly string[], partitions: readonly string[]): PolicyStatement =>
  new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
      // Of no values at all, every one is like the pattern.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });

/** What a tool call writes, each in partitions of its own: counters and ledger, which it cannot delete, attempts by idempotency key, sessions of legacy upstreams. */
export const meterCalls = (table: TableV2): readonly PolicyStatement[] => [
  within(table, ['PutItem', 'UpdateItem', 'DeleteItem'], ['ORG#*#SESSION', 'ORG#*#ATTEMPT#*']),
  within(table, ['PutItem', 'UpdateItem'], ['ORG#*#LEDGER#*']),
  within(table, ['UpdateItem'], ['ORG#*#METER']),
];

/** Reads the stream. */
export const readStream = (table: TableV2): PolicyStatement =>
  new PolicyStatement({
    actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action}`),
    resources: [table.tableStreamArn!],
  });

/** Adds ledger rows to the roll-ups and marks them. */
export const rollUpCalls = (table: TableV2): PolicyStatement =>
  within(table, ['UpdateItem'], ['ORG#*#LEDGER#*', 'ORG#*#USAGE#*']);

/** Ends ledger rows, rolls them up, and corrects counters. */
export const correctBooks = (table: TableV2): PolicyStatement =>
  within(table, ['UpdateItem'], ['ORG#*#LEDGER#*', 'ORG#*#USAGE#*', 'ORG#*#METER']);
/** What moving usage-plan keys writes: beside the records of orgs, and the count of keys. */
export const turnValves = (table: TableV2): PolicyStatement => within(table, ['UpdateItem'], ['ORG#*', 'DEPLOYMENT']);

/** Writes, one by one or in a transaction. */
export const writeTable = (table: TableV2): PolicyStatement =>
  new PolicyStatement({
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
    resources: [table.tableArn],
  });
