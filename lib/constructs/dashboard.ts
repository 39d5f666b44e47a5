import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { figure } from './books.ts';
import type { FunctionName } from './function.ts';

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 });

/** Traffic, time and trouble of a stage on one page. */
export function createDashboard(
  scope: Construct,
  stage: string,
  api: RestApi,
  table: TableV2,
  functions: Readonly<Record<FunctionName, IFunction>>,
): void {
  const each = Object.values(functions);
  const sum = { statistic: 'Sum', period: Duration.minutes(5) };
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `xct-${stage}`,
    widgets: [
      [
        graph('Requests and errors', [api.metricCount(sum), api.metricClientError(sum), api.metricServerError(sum)]),
        graph(
          'Time to answer, ms',
          ['p50', 'p99'].map((statistic) => api.metricLatency({ statistic })),
        ),
      ],
      [
        graph(
          'Calls of each function',
          each.map((fn) => fn.metricInvocations(sum)),
        ),
        graph(
          'Time of each function, p99 ms',
          each.map((fn) => fn.metricDuration({ statistic: 'p99' })),
        ),
      ],
      [
        graph(
          'Errors and throttles',
          each.flatMap((fn) => [fn.metricErrors(sum), fn.metricThrottles(sum)]),
        ),
        graph('Table units', [table.metricConsumedReadCapacityUnits(sum), table.metricConsumedWriteCapacityUnits(sum)]),
      ],
      [
        graph('Calls refused by quota, budget and rate', [
          figure(stage, 'QuotaRefusals'),
          figure(stage, 'BudgetRefusals'),
          figure(stage, 'RateRefusals'),
        ]),
        graph('Calls until they are rolled up, ms', [figure(stage, 'LedgerLag', 'Maximum')]),
      ],
      [
        graph('Counters corrected, differences found', [
          figure(stage, 'CountersCorrected'),
          figure(stage, 'ReconcileDifferences'),
        ]),
      ],
    ],
  });
}
