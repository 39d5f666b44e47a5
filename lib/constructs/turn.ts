import { Duration } from 'aws-cdk-lib';
import type { UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  JitterType,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { ownUsageKey } from '../../contract/usage.ts';

/** What authorizers remember of an org lives five seconds; after twice that none of them names a key that is to be moved. */
const forgotten = WaitTime.duration(Duration.seconds(10));
/** API Gateway does not know a key at once in all places; until it does, requests that are counted by it would be refused. */
const spread = WaitTime.duration(Duration.seconds(60));

/** API Gateway takes few of these calls a second, and refuses two changes of one thing at once. */
const passing = ['TooManyRequests', 'Conflict', 'ServiceUnavailable', 'ApiGateway', 'SdkClient'].map(
  (name) => `ApiGateway.${name}Exception`,
);
const backingOff = {
  interval: Duration.seconds(2),
  maxDelay: Duration.seconds(60),
  maxAttempts: 8,
  jitterStrategy: JitterType.FULL,
};

type Fields = Readonly<Record<string, unknown>>;
const is = (condition: string) => Condition.jsonata(`{% ${condition} %}`);
/** The id of the first of a list, or nothing. */
const firstId = (list: string): string => `{% $count(${list}) > 0 ? ${list}[0].Id : "" %}`;

/**
 * A run for one org: take the org off its key, wait until nobody names it, then make, move or remove the key, and look
 * where it is before the record says so. Every step can be repeated; a later run of the org ends this one.
 */
export function turnDefinition(
  scope: Construct,
  stage: string,
  fn: IFunction,
  plans: Readonly<Record<string, UsagePlan>>,
): IChainable {
  const ask = (id: string, what: Fields, assign?: Record<string, string>) =>
    LambdaInvoke.jsonata(scope, id, {
      lambdaFunction: fn,
      payload: TaskInput.fromObject({ org_id: '{% $org %}', run: '{% $states.context.Execution.Name %}', ...what }),
      retryOnServiceExceptions: false,
      ...(assign && { assign }),
    }).addRetry({ ...backingOff, errors: ['States.TaskFailed'] });
  const call = (id: string, action: string, parameters: Fields, assign?: Record<string, string>) =>
    CallAwsService.jsonata(scope, id, {
      service: 'apigateway',
      action,
      parameters,
      iamResources: ['*'], // not granted: the machine's role says what it may
      ...(assign && { assign }),
    }).addRetry({ ...backingOff, errors: passing });
  /** What is gone already need not be taken away. */
  const takeAway = (id: string, action: string, parameters: Fields, next: IChainable) =>
    call(id, action, parameters)
      .addCatch(next, { errors: ['ApiGateway.NotFoundException'] })
      .next(next);

  const name = `"xct-${stage}-" & $org & "-own"`;
  const value = ownUsageKey(stage, '{}').split('{}').join('" & $org & "');
  const planIds = Object.entries(plans).map(([tier, { usagePlanId }]) => `"${tier}": "${usagePlanId}"`);

  const end = ask('End', { do: 'end', turn: '{% $turn %}' });
  const where = call('Where', 'getUsagePlans', { KeyId: '{% $key %}' }, { from: firstId('$states.result.Items') });
  const join = call('Join', 'createUsagePlanKey', {
    UsagePlanId: '{% $to %}',
    KeyId: '{% $key %}',
    KeyType: 'API_KEY',
  });
  join.next(Wait.jsonata(scope, 'Spread', { time: spread })).next(where);
  const leave = { UsagePlanId: '{% $from %}', KeyId: '{% $key %}' };
  where.next(
    Choice.jsonata(scope, 'There')
      .when(is('$from = $to'), end)
      .when(is('$from = ""'), join)
      .otherwise(takeAway('Leave', 'deleteUsagePlanKey', leave, join)),
  );

  const make = { Name: `{% ${name} %}`, Value: `{% "${value}" %}`, Enabled: true };
  const found = {
    key: firstId(`$states.result.Items[Name = ${name}]`),
    to: `{% $lookup({${planIds.join(', ')}}, $turn.plan) %}`,
  };
  const find = call('Find', 'getApiKeys', { NameQuery: `{% ${name} %}` }, found);
  find.next(
    Choice.jsonata(scope, 'Found')
      .when(is('$turn.act = "remove" and $key = ""'), end)
      .when(is('$turn.act = "remove"'), takeAway('Remove', 'deleteApiKey', { ApiKey: '{% $key %}' }, end))
      .when(is('$key = ""'), call('Make', 'createApiKey', make, { key: '{% $states.result.Id %}' }).next(where))
      .otherwise(where),
  );
  return ask('Claim', { do: 'claim', org_id: '{% $states.input.org_id %}' }, { org: '{% $states.input.org_id %}' })
    .next(Wait.jsonata(scope, 'Forget', { time: forgotten }))
    .next(ask('Plan', { do: 'plan' }, { turn: '{% $states.result.Payload %}' }))
    .next(
      Choice.jsonata(scope, 'Due').when(is('$turn.act = "nothing"'), Succeed.jsonata(scope, 'Nothing')).otherwise(find),
    );
}
