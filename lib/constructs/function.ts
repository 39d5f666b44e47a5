import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type IFunction,
  Function as Lambda,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RouteFunction } from '../../contract/route.ts';
import { codeOf } from '../bundle.ts';

/** Every deployed function; `lambdas/handlers/` has a file of the same name. */
export type FunctionName =
  | RouteFunction
  | 'authorizer'
  | 'probe'
  | 'workflow'
  | 'watch'
  | 'rollup'
  | 'sweep'
  | 'reconcile'
  | 'valve';

/** What one function may do and know. */
export interface FunctionProps {
  readonly statements: readonly PolicyStatement[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly logRetentionDays: number;
  /** False where the role must hold nothing but its logs: tracing needs a grant. */
  readonly traced: boolean;
}

/** Makes a function of the stage: what it may do, what it is told, and where it differs from the others. */
export type Make = (
  name: FunctionName,
  statements: readonly PolicyStatement[],
  environment: Readonly<Record<string, string>>,
  props?: Partial<FunctionProps>,
) => IFunction;

/** A function with a role and a log group of its own, running `lambdas/handlers/<name>.ts`. */
export function createFunction(scope: Construct, name: FunctionName, props: FunctionProps): Lambda {
  const group = new Construct(scope, name[0]?.toUpperCase() + name.slice(1));
  const logGroup = new LogGroup(group, 'Logs', {
    retention: props.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(group, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const writeLogs = new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
  for (const statement of [writeLogs, ...props.statements]) role.addToPolicy(statement);
  if (props.traced)
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and PutTelemetryRecords know no resources; nothing else has this one.',
    });
  return new Lambda(group, 'Function', {
    code: codeOf(name),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    timeout: Duration.seconds(props.timeoutSeconds),
    tracing: props.traced ? Tracing.ACTIVE : Tracing.DISABLED,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role,
    environment: props.environment,
  });
}
