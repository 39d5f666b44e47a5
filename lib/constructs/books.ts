import { Duration, Validations } from 'aws-cdk-lib';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Figure } from '../../lambdas/domain/metering/figures.ts';
import type { FunctionName } from './function.ts';

/** Usage is shown so much later than it happens, at most; in return calls of that time share their writes. */
const windowSeconds = 10;
const batchSize = 500;
/** Tries of a batch, each after a longer wait; a sweep rolls up what is given up. */
const retries = 10;
/** Hours are closed 20 minutes after their end. */
const sweepMinutes = 15;

/** Where the figures of a stage are: a namespace of its own, no dimensions. */
export const figuresNamespace = (stage: string): string => `xct/${stage}`;

/** A figure as a metric. */
export const figure = (stage: string, metricName: Figure, statistic: 'Sum' | 'Maximum' = 'Sum'): Metric =>
  new Metric({ namespace: figuresNamespace(stage), metricName, statistic, period: Duration.minutes(5) });

/**
 * What keeps the books: the stream of settled ledger rows to the roll-ups, the sweep, the daily reconciliation. Answers
 * how many batches were given up.
 */
export function keepBooks(
  scope: Construct,
  table: TableV2,
  functions: Readonly<Record<FunctionName, IFunction>>,
): IMetric {
  const group = new Construct(scope, 'Books');
  const lost = new Queue(group, 'Lost', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(lost).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is itself where batches go that were given up: nothing reads it but the person an alarm told.',
  });
  new EventSourceMapping(group, 'Feed', {
    target: functions.rollup,
    eventSourceArn: table.tableStreamArn!,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize,
    maxBatchingWindow: Duration.seconds(windowSeconds),
    filters: [FilterCriteria.filter(settledRow)],
    bisectBatchOnError: true,
    retryAttempts: retries,
    onFailure: new SqsDlq(lost),
  });
  new Rule(group, 'Sweep', {
    schedule: Schedule.rate(Duration.minutes(sweepMinutes)),
    targets: [new LambdaFunction(functions.sweep)],
  });
  new Rule(group, 'Reconcile', {
    schedule: Schedule.rate(Duration.days(1)),
    targets: [new LambdaFunction(functions.reconcile)],
  });
  return lost.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) });
}

/** A ledger row that ended and counts. The mark that it is rolled up comes later, when it is RESERVED no more. */
const settledRow = {
  eventName: FilterRule.isEqual('MODIFY'),
  dynamodb: {
    OldImage: { state: { S: FilterRule.isEqual('RESERVED') } },
    NewImage: { state: { S: FilterRule.or('DONE', 'FAILED', 'UNKNOWN') } },
  },
};
