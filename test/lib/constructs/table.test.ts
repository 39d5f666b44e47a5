import { expect, test } from '@jest/globals';
import { deployed, only, resources } from '../template.ts';

const type = 'AWS::DynamoDB::GlobalTable';
const table = only(deployed('dev'), type);
const prod = deployed('prod');

test('one table holds all, with one index', () => {
  expect(table).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byOrg',
        KeySchema: [
          { AttributeName: 'gpk', KeyType: 'HASH' },
          { AttributeName: 'gsk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});

test('items expire by ttl, and changes are seen with what was before', () => {
  expect(table.TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true });
  expect(table.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
});

test('IA-08: the table can be restored to any second and is encrypted by KMS', () => {
  expect(table.Replicas).toEqual([
    expect.objectContaining({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
  ]);
  expect(table.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
});

test('IA-08: in prod nobody deletes the table by hand or with the stack', () => {
  expect(only(prod, type).Replicas[0].DeletionProtectionEnabled).toBe(true);
  expect(resources(prod, type)[0]![1].DeletionPolicy).toBe('Retain');
});
