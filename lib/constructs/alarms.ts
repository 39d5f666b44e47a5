import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { figure } from './books.ts';
import type { FunctionName } from './function.ts';
import { hurtBy, scheduled } from './hurt.ts';

interface Watch {
  /** Who is hurt, and how; the first thing the person on call reads. */
  readonly hurt: string;
  readonly metric: IMetric;
  /** Alarms at this many in five minutes. */
  readonly threshold: number;
}

const period = { statistic: 'Sum', period: Duration.minutes(5) };

/** One alarm for each way the deployment hurts somebody; the topic, where there is one, is told. */
export function createAlarms(
  scope: Construct,
  stage: string,
  watched: {
    readonly api: RestApi;
    readonly table: TableV2;
    readonly functions: Readonly<Record<FunctionName, IFunction>>;
    /** Batches of the ledger's stream that were given up. */
    readonly lost: IMetric;
    readonly valve: StateMachine;
    readonly approval: StateMachine;
  },
  topicArn: string | undefined,
): void {
  const group = new Construct(scope, 'Alarms');
  const { api, table, functions, lost, valve, approval } = watched;
  const watches: Readonly<Record<string, Watch>> = {
    Unavailable: {
      hurt: 'Callers at every door get 5xx: functions crash, the authorizer fails, or a store does not answer.',
      metric: api.metricServerError(period),
      threshold: 5,
    },
    Guessing: {
      hurt: 'Somebody tries keys, or a fleet of clients still carries a revoked one.',
      metric: functions.authorizer.metricErrors(period),
      threshold: 500,
    },
    TurnedAway: {
      hurt: 'Callers get 503: the account has no Lambda concurrency left to check their keys.',
      metric: functions.authorizer.metricThrottles(period),
      threshold: 1,
    },
    ReadsThrottled: {
      hurt: 'Callers get 503: keys and grants cannot be read, and nothing is guessed.',
      metric: table.metric('ReadThrottleEvents', period),
      threshold: 1,
    },
    WritesThrottled: {
      hurt: 'Admins get 503: changes and their audit rows cannot be written.',
      metric: table.metric('WriteThrottleEvents', period),
      threshold: 1,
    },
    QuotaRefusals: {
      hurt: 'Callers of an org whose calls of the day are used up go on asking: it needs another tier, or a client loops.',
      metric: figure(stage, 'QuotaRefusals'),
      threshold: 1_000,
    },
    BudgetRefusals: {
      hurt: 'Callers whose budget is spent go on asking: it needs to be raised, or a client loops.',
      metric: figure(stage, 'BudgetRefusals'),
      threshold: 1_000,
    },
    RateRefusals: {
      hurt: 'Callers are held back by their rate a minute all the time: it is too low, or a client loops.',
      metric: figure(stage, 'RateRefusals'),
      threshold: 5_000,
    },
    LedgerLag: {
      hurt: 'Admins see usage that is more than ten minutes old; quotas and budgets hold.',
      metric: figure(stage, 'LedgerLag', 'Maximum'),
      threshold: 600_000,
    },
    RollupsLost: {
      hurt: 'Admins see usage that lacks calls until a sweep rolls them up.',
      metric: lost,
      threshold: 1,
    },
    CountersCorrected: {
      hurt: 'Callers were counted wrongly by many counters: functions crash in mid-call, or somebody edits the table.',
      metric: figure(stage, 'CountersCorrected'),
      threshold: 20,
    },
    BooksDiffer: {
      hurt: 'Nobody can rely on the usage of a day: ledger, counters and roll-ups do not agree.',
      metric: figure(stage, 'ReconcileDifferences'),
      threshold: 1,
    },
    ValveStuck: {
      hurt: 'Callers of an org share the rate of a usage plan with other orgs: its own key could not be made or moved.',
      metric: valve.metricFailed(period),
      threshold: 1,
    },
    ApprovalStuck: {
      hurt: 'A submission waits for the sweep: its execution failed after two days of tries.',
      metric: approval.metricFailed(period),
      threshold: 1,
    },
    ...Object.fromEntries(
      Object.entries(hurtBy).map(([name, hurt]) => [
        `Crash-${name}`,
        {
          hurt,
          metric: functions[name as FunctionName].metricErrors(period),
          threshold: scheduled.includes(name) ? 1 : 3,
        },
      ]),
    ),
  };
  const action = topicArn === undefined ? undefined : new SnsAction(Topic.fromTopicArn(group, 'Topic', topicArn));
  for (const [id, { hurt, metric, threshold }] of Object.entries(watches)) {
    const alarm = new Alarm(group, id, {
      alarmName: `xct-${stage}-${id.toLowerCase()}`,
      alarmDescription: hurt,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (action) alarm.addAlarmAction(action);
  }
}
