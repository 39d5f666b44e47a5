import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RouteFunction } from '../../contract/route.ts';

/** Every deployed function; `lambdas/handlers/` has a file of the same name. */
export type FunctionName = RouteFunction | 'authorizer' | 'probe';

/** What one function may do and know. */
export interface FunctionProps {
  readonly statements: readonly PolicyStatement[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly logRetentionDays: number;
  /** False where the role must hold nothing but its logs: tracing needs a grant. */
  readonly traced: boolean;
}

const root = join(import.meta.dirname, '..', '..');
const httpShim = join(root, 'lib', 'http-shim.mjs');

/** A function with a role and a log group of its own, bundled whole from `lambdas/handlers/<name>.ts`. */
export function createFunction(scope: Construct, name: FunctionName, props: FunctionProps): NodejsFunction {
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
  return new NodejsFunction(group, 'Function', {
    entry: join(root, 'lambdas', 'handlers', `${name}.ts`),
    depsLockFilePath: join(root, 'package-lock.json'),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    timeout: Duration.seconds(props.timeoutSeconds),
    tracing: props.traced ? Tracing.ACTIVE : Tracing.DISABLED,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role,
    environment: props.environment,
    bundling: {
      format: OutputFormat.ESM,
      target: 'node24',
      minify: true,
      // The ESM build of a package is the one that shrinks: CDK's default takes CommonJS first.
      mainFields: ['module', 'main'],
      bundleAwsSDK: true,
      esbuildArgs: { '--alias': [`http=${httpShim}`, `node:http=${httpShim}`] },
      // CommonJS packages inside the bundle call `require`, which ESM lacks.
      banner: "import{createRequire as __require}from'node:module';const require=__require(import.meta.url);",
    },
  });
}
