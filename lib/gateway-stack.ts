import { type App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { GatewayConfig, StageName } from './config.ts';
import { createAlarms } from './constructs/alarms.ts';
import { createApi } from './constructs/api.ts';
import { createApproval } from './constructs/approval.ts';
import { keepBooks } from './constructs/books.ts';
import { createDashboard } from './constructs/dashboard.ts';
import { apiHost, createDoor } from './constructs/door.ts';
import { createUsagePlans } from './constructs/metering.ts';
import { serveRoutes } from './constructs/routes.ts';
import { createTable } from './constructs/table.ts';
import { createValve } from './constructs/valve.ts';
import { createVault } from './constructs/vault.ts';
import { createFunctions } from './functions.ts';

/** The stack of one stage, `XctGateway-<stage>`: which construct meets which. */
export function createGateway(app: App, stage: StageName, config: GatewayConfig): Stack {
  const settings = config.stages[stage];
  const stack = new Stack(app, `XctGateway-${stage}`, {
    description: 'Xcity MCP Gateway: one URL in front of every MCP server a company uses',
    ...(settings.region === undefined ? {} : { env: { region: settings.region } }),
  });
  Tags.of(stack).add('app', 'xcity-mcp-gateway');
  Tags.of(stack).add('stage', stage);

  const keep = stage === 'prod';
  const table = createTable(stack, keep);
  const vault = createVault(stack, stage, keep);
  const api = createApi(stack, stage, settings.log_retention_days);
  const door = createDoor(stack, stage, settings, api, vault.origin);
  const host = settings.domain?.name ?? door.distributionDomainName;
  const functions = createFunctions(stack, stage, config, {
    table,
    vault,
    publicUrl: `https://${host}`,
    ownHosts: [...new Set([host, door.distributionDomainName, apiHost(api), ...config.own_hosts])],
  });
  serveRoutes(api, functions, settings.allowed_origins.length > 0);
  const lost = keepBooks(stack, table, functions);
  const plans = createUsagePlans(stack, stage, api, config.tiers);
  const valve = createValve(stack, stage, functions.valve, plans, settings.log_retention_days);
  const { machine: approval, notices } = createApproval(stack, stage, functions, settings.log_retention_days);
  createAlarms(stack, stage, { api, table, functions, lost, valve, approval }, settings.alarm_topic_arn);
  createDashboard(stack, stage, api, table, functions);

  new CfnOutput(stack, 'GatewayUrl', { value: `https://${host}` });
  new CfnOutput(stack, 'DistributionHost', {
    description: 'What the DNS record of a domain of your own points to.',
    value: door.distributionDomainName,
  });
  new CfnOutput(stack, 'NoticesTopic', {
    description: 'Told of submissions, drifted tools and silent servers; subscribe to it.',
    value: notices.topicArn,
  });
  new CfnOutput(stack, 'BootstrapTokenCommand', {
    description: 'Prints the one-time token for POST /v1/bootstrap; it works once, within 24 hours.',
    value: `aws secretsmanager get-secret-value --region ${stack.region} --secret-id ${vault.bootstrap.secretArn} --query SecretString --output text`,
  });
  new CfnOutput(stack, 'RecoveryCommand', {
    description: 'Makes a new operator key for whoever may invoke this function; every use is audited.',
    value: `aws lambda invoke --region ${stack.region} --function-name ${functions.bootstrap.functionName} --cli-binary-format raw-in-base64-out --payload '{"recover":true}' /dev/stdout`,
  });
  new CfnOutput(stack, 'ReconcileCommand', {
    description: 'Proves that ledger, counters and roll-ups agree; docs/usage.md tells its options.',
    value: `npm run reconcile -- --region ${stack.region} --reconcile ${functions.reconcile.functionName} --sweep ${functions.sweep.functionName}`,
  });
  return stack;
}
