import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { FunctionName } from './function.ts';

interface Watch {
  /** Who is hurt, and how; the first thing the person on call reads. */
  readonly hurt: string;
  readonly metric: IMetric;
  /** Alarms at this many in five minutes. */
  readonly threshold: number;
}

/** Whom a crash of a function hurts. The authorizer's errors are refusals: see `Guessing`. */
const hurtBy: Readonly<Record<Exclude<FunctionName, 'authorizer'>, string>> = {
  tools: 'Apps that list and call tools over REST get 500.',
  mcp: 'People in MCP clients (Claude Code, Cursor, …) lose lists, calls or streams.',
  admin: 'Admins and members cannot manage keys, teams, users or toolsets.',
  servers: 'Admins cannot add, test or refresh servers.',
  bootstrap: 'The first operator cannot get in, or a recovery failed.',
  site: 'Nobody can read the docs, and health checks fail.',
  probe: 'Admins cannot test a server before they add it, and proposed servers show nothing to approve.',
  approval: 'Nobody can propose a server or decide about one.',
  workflow: 'Submissions stand still: verdicts are not carried out, approved servers do not come.',
  watch: 'A server that changed its tools goes unnoticed.',
};

const period = { statistic: 'Sum', period: Duration.minutes(5) };

/** One alarm for each way the deployment hurts somebody; the topic, where there is one, is told. */
export function createAlarms(
  scope: Construct,
  stage: string,
  watched: {
    readonly api: RestApi;
    readonly table: TableV2;
    readonly functions: Readonly<Record<FunctionName, IFunction>>;
    readonly approval: StateMachine;
  },
  topicArn: string | undefined,
): void {
  const group = new Construct(scope, 'Alarms');
  const { api, table, functions, approval } = watched;
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
    ApprovalStuck: {
      hurt: 'A submission waits for the sweep: its execution failed after two days of tries.',
      metric: approval.metricFailed(period),
      threshold: 1,
    },
    ...Object.fromEntries(
      Object.entries(hurtBy).map(([name, hurt]) => [
        `Crash-${name}`,
        { hurt, metric: functions[name as FunctionName].metricErrors(period), threshold: 3 },
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
