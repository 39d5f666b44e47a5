import { expect, test } from '@jest/globals';
import { deployed, only, resources } from '../template.ts';

const template = deployed('dev');

test('the roll-up gets settled ledger rows, from the first on, in batches that are cut where one fails and given up in time', () => {
  const { FilterCriteria, ...mapping } = only(template, 'AWS::Lambda::EventSourceMapping');
  expect(mapping).toMatchObject({
    EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Table/), 'StreamArn'] },
    FunctionName: { Ref: expect.stringMatching(/^RollupFunction/) },
    StartingPosition: 'TRIM_HORIZON',
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 10,
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^BooksLost/), 'Arn'] } } },
  });
  expect(FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual([
    {
      eventName: ['MODIFY'],
      dynamodb: {
        OldImage: { state: { S: ['RESERVED'] } },
        NewImage: { state: { S: ['DONE', 'FAILED', 'UNKNOWN'] } },
      },
    },
  ]);
});

test('what is given up is kept encrypted for 14 days, and only over TLS', () => {
  expect(only(template, 'AWS::SQS::Queue')).toMatchObject({
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: 1_209_600,
  });
  expect(JSON.stringify(only(template, 'AWS::SQS::QueuePolicy'))).toContain('"aws:SecureTransport":"false"');
});

test('a sweep runs every quarter of an hour and a reconciliation every day', () => {
  const rules = resources(template, 'AWS::Events::Rule').map(([, { Properties }]) => [
    Properties.ScheduleExpression,
    Properties.Targets[0].Arn['Fn::GetAtt']?.[0].replace(/Function.*/, ''),
  ]);
  expect(rules).toContainEqual(['rate(15 minutes)', 'Sweep']);
  expect(rules).toContainEqual(['rate(1 day)', 'Reconcile']);
});
