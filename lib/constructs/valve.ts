import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { CfnUsagePlan, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, QueryLanguage, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { turnDefinition } from './turn.ts';

const nameOf = (stage: string): string => `xct-${stage}-valve`;

/**
 * ARN of the machine, spelled out: a function that referred to it would close the circle machine → plan → stage →
 * methods → function → machine.
 */
export const valveMachineArn = (scope: Construct, stage: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: nameOf(stage),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** A run takes two minutes; what takes longer is in trouble. */
const longestRun = Duration.hours(1);

/** The state machine that gives each org a usage-plan key of its own and keeps it in the plan of the org's tier. */
export function createValve(
  scope: Construct,
  stage: string,
  fn: IFunction,
  plans: Readonly<Record<string, UsagePlan>>,
  logRetentionDays: number,
): StateMachine {
  const group = new Construct(scope, 'ValveMachine');
  const logs = new LogGroup(group, 'Logs', {
    // The prefix keeps CloudWatch's resource policy from growing with each machine.
    logGroupName: `/aws/vendedlogs/states/${nameOf(stage)}`,
    retention: logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const machine = new StateMachine(group, 'Machine', {
    stateMachineName: nameOf(stage),
    comment: 'Moves an org’s usage-plan key into the plan of its tier',
    queryLanguage: QueryLanguage.JSONATA,
    definitionBody: DefinitionBody.fromChainable(turnDefinition(group, stage, fn, plans)),
    timeout: longestRun,
    tracingEnabled: true,
    logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
    role: createRole(group, fn, plans).withoutPolicyUpdates(),
  });
  new Rule(group, 'Sweep', {
    description: 'Starts what a crash left unstarted: orgs whose usage-plan key is not where it belongs.',
    schedule: Schedule.rate(Duration.hours(1)),
    targets: [new LambdaFunction(fn, { event: RuleTargetInput.fromObject({ do: 'sweep' }) })],
  });
  return machine;
}

/** All that the machine may do. The tasks' own grants would be wider. */
function createRole(scope: Construct, fn: IFunction, plans: Readonly<Record<string, UsagePlan>>): Role {
  const { partition, region } = Stack.of(scope);
  const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
  const api = (path: string) => `arn:${partition}:apigateway:${region}::${path}`;
  const keysOf = Object.values(plans).map(({ usagePlanId }) => api(`/usageplans/${usagePlanId}/keys`));
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
    inlinePolicies: {
      Turn: new PolicyDocument({
        statements: [
          allow(['lambda:InvokeFunction'], fn.functionArn),
          allow(['apigateway:GET'], api('/apikeys'), api('/usageplans')),
          allow(['apigateway:POST'], api('/apikeys'), ...keysOf),
          allow(['apigateway:DELETE'], api('/apikeys/*'), ...keysOf.map((keys) => `${keys}/*`)),
          allow([...logActions, ...traceActions], '*'),
        ],
      }),
    },
  });
  acknowledge(role, plans);
  return role;
}

function acknowledge(role: Role, plans: Readonly<Record<string, UsagePlan>>): void {
  const wild = (path: string) => `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::${path}]`;
  const idOf = (plan: UsagePlan) => Stack.of(plan).getLogicalId(plan.node.defaultChild as CfnUsagePlan);
  Validations.of(role).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log delivery and tracing of a state machine know no resources; nothing else of the role has this one.',
    },
    {
      id: wild('/apikeys/*'),
      reason: 'API Gateway draws the ids of keys; the machine deletes the key of a deleted org.',
    },
    ...Object.entries(plans).map(([tier, plan]) => ({
      id: wild(`/usageplans/<${idOf(plan)}>/keys/*`),
      reason: `Keys of the plan ${tier} are made at run time; the machine takes out those of orgs that leave the tier.`,
    })),
  );
}

/** What Step Functions asks for to deliver logs (its guide, "Using CloudWatch Logs"); these know no resources. */
const logActions = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];
const traceActions = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];
