import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, LogLevel, QueryLanguage, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { defineApproval } from './approval-states.ts';

/** How often changed definitions and silent servers are noticed; a reading asks each server for its lists. */
const watchEvery = Duration.hours(1);
/** How long what a crash left undone may wait. */
const sweepEvery = Duration.minutes(5);

const machineName = (stage: string): string => `xct-${stage}-approval`;

/** What stages of one account are told apart by on its event bus. */
export const eventSource = (stage: string): string => `xct.${stage}`;

/**
 * The ARN of the approval machine, from its name alone: the machine invokes a function that must know the machine, and a
 * reference each way would close a circle.
 */
export const approvalArn = (scope: Construct, stage: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: machineName(stage),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** Starts executions of the approval machine. */
export const startApproval = (scope: Construct, stage: string): PolicyStatement =>
  new PolicyStatement({ actions: ['states:StartExecution'], resources: [approvalArn(scope, stage)] });

/** Starts executions, and answers those that wait. */
export const answerApproval = (scope: Construct, stage: string): PolicyStatement =>
  new PolicyStatement({
    actions: ['states:StartExecution', 'states:SendTaskSuccess'],
    resources: [approvalArn(scope, stage)],
  });

/** Tells of what happened, on the account's own event bus. */
export const tellEvents = (scope: Construct): PolicyStatement =>
  new PolicyStatement({
    actions: ['events:PutEvents'],
    resources: [Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
  });

/** The approval machine, the schedules of sweep and watch, and the topic that is told of every notice. */
export function createApproval(
  scope: Construct,
  stage: string,
  { workflow, watch }: { readonly workflow: IFunction; readonly watch: IFunction },
  logRetentionDays: number,
): { readonly machine: StateMachine; readonly notices: Topic } {
  const group = new Construct(scope, 'Reviews');
  const logs = new LogGroup(group, 'Logs', { retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
  const machine = new StateMachine(group, 'Machine', {
    stateMachineName: machineName(stage),
    stateMachineType: StateMachineType.STANDARD,
    queryLanguage: QueryLanguage.JSONATA,
    definitionBody: DefinitionBody.fromChainable(defineApproval(new Construct(group, 'States'), workflow)),
    role: machineRole(group, workflow).withoutPolicyUpdates(),
    tracingEnabled: true,
    // A task's parameters hold its token: nothing of an execution's data is logged.
    logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
  });
  const sweep = RuleTargetInput.fromObject({ step: 'sweep' });
  new Rule(group, 'Sweep', {
    schedule: Schedule.rate(sweepEvery),
    targets: [new LambdaFunction(workflow, { event: sweep })],
  });
  new Rule(group, 'Watch', { schedule: Schedule.rate(watchEvery), targets: [new LambdaFunction(watch)] });
  const notices = new Topic(group, 'Notices', { displayName: `Xcity MCP Gateway, ${stage}`, enforceSSL: true });
  new Rule(group, 'Notify', {
    eventPattern: { source: [eventSource(stage)] },
    targets: [new SnsTopic(notices)],
  });
  return { machine, notices };
}

/** What the machine itself may do: invoke one function, and be watched. */
function machineRole(group: Construct, workflow: IFunction): Role {
  const role = new Role(group, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [workflow.functionArn] }));
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
    }),
  );
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Delivery of a state machine’s logs and its traces know no resources (Step Functions guide).',
  });
  return role;
}
