import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { GatewayConfig, StageName } from './config.ts';
import { answerApproval, approvalArn, eventSource, startApproval, tellEvents } from './constructs/approval.ts';
import { keepCredentials, readCredentials, removeCredentials } from './constructs/credentials.ts';
import { createFunction, type FunctionName, type FunctionProps } from './constructs/function.ts';
import { bufferedSeconds, streamMinutes } from './constructs/routes.ts';
import { listTable, meterCalls, readTable, writeTable } from './constructs/table.ts';
import { readSecret, type Vault } from './constructs/vault.ts';

/** A step looks at one server; the sweep goes through all that is unsettled. */
const stepSeconds = 300;
/** Lambda's own limit: every server of every org is read. */
const watchSeconds = 900;

/** What the functions of a stage are built on. */
export interface Ground {
  readonly table: TableV2;
  readonly vault: Vault;
  /** `https://…` of the distribution or the custom domain. */
  readonly publicUrl: string;
  /** Every host name that leads here. */
  readonly ownHosts: readonly string[];
}

/** Every function of a stage: what it may do and what it is told, no more than its handler uses. */
export function createFunctions(
  scope: Construct,
  stage: StageName,
  config: GatewayConfig,
  { table, vault, publicUrl, ownHosts }: Ground,
): Readonly<Record<FunctionName, IFunction>> {
  const { log_retention_days, allowed_origins } = config.stages[stage];
  const make = (
    name: FunctionName,
    statements: readonly PolicyStatement[],
    environment: Readonly<Record<string, string>>,
    props: Partial<FunctionProps> = {},
  ) =>
    createFunction(scope, name, {
      statements,
      environment: Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
      timeoutSeconds: bufferedSeconds,
      logRetentionDays: log_retention_days,
      traced: true,
      ...props,
    });

  const records = { TABLE_NAME: table.tableName };
  const pepper = { PEPPER_SECRET_ID: vault.pepper.secretArn };
  const seal = { SEAL_SECRET_ID: vault.seal.secretArn };
  const origin = { ORIGIN_SECRET_ID: vault.origin.secretArn };
  const credentials = { SECRET_PREFIX: vault.prefix };
  const web = { PUBLIC_URL: publicUrl, ALLOWED_ORIGINS: allowed_origins.join(',') };
  const egress = { EGRESS_PORTS: config.egress_ports.join(','), OWN_HOSTS: ownHosts.join(',') };
  const tiers = { TIERS: JSON.stringify(config.tiers), DEFAULT_TIER: config.default_tier };

  const mayCallTools = [readTable(table), ...meterCalls(table), readSecret(vault.seal), ...readCredentials(vault)];
  const callsTools = { ...records, ...seal, ...credentials, ...web, ...egress, ...tiers };
  const mayWrite = [readTable(table), writeTable(table)];

  const approval = { APPROVAL_MACHINE: approvalArn(scope, stage) };
  const reviews = { FOUR_EYES: String(config.four_eyes), DRIFT: config.drift };
  const notices = { EVENT_SOURCE: eventSource(stage) };

  const probe = make('probe', [], egress, { traced: false });
  const mayProbe = new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [probe.functionArn] });
  return {
    probe,
    authorizer: make(
      'authorizer',
      [readTable(table), readSecret(vault.pepper), readSecret(vault.origin)],
      { STAGE: stage, ...records, ...pepper, ...origin },
      { timeoutSeconds: 5 },
    ),
    tools: make('tools', mayCallTools, callsTools),
    mcp: make('mcp', mayCallTools, callsTools, { timeoutSeconds: streamMinutes * 60 }),
    admin: make('admin', [...mayWrite, listTable(table), readSecret(vault.pepper), readSecret(vault.seal)], {
      ...records,
      ...pepper,
      ...seal,
      ...web,
      ...tiers,
    }),
    servers: make(
      'servers',
      [...mayWrite, readSecret(vault.seal), ...keepCredentials(vault), mayProbe, startApproval(scope, stage)],
      {
        ...records,
        ...seal,
        ...credentials,
        VAULT_KEY_ARN: vault.key.keyArn,
        PROBE_FUNCTION: probe.functionName,
        ...approval,
        ...reviews,
        ...web,
        ...egress,
      },
    ),
    approval: make('approval', [...mayWrite, readSecret(vault.seal), answerApproval(scope, stage)], {
      ...records,
      ...seal,
      ...approval,
      ...reviews,
      ...web,
      ...egress,
    }),
    workflow: make(
      'workflow',
      [
        ...mayWrite,
        listTable(table),
        readSecret(vault.seal),
        removeCredentials(vault),
        mayProbe,
        answerApproval(scope, stage),
        tellEvents(scope),
      ],
      { ...records, ...seal, ...credentials, PROBE_FUNCTION: probe.functionName, ...approval, ...notices },
      { timeoutSeconds: stepSeconds },
    ),
    watch: make(
      'watch',
      [
        ...mayWrite,
        listTable(table),
        readSecret(vault.seal),
        ...readCredentials(vault),
        startApproval(scope, stage),
        tellEvents(scope),
      ],
      { ...records, ...seal, ...credentials, ...approval, ...reviews, ...notices, ...egress },
      { timeoutSeconds: watchSeconds },
    ),
    bootstrap: make(
      'bootstrap',
      [...mayWrite, readSecret(vault.pepper), readSecret(vault.bootstrap), readSecret(vault.origin)],
      { ...records, ...pepper, BOOTSTRAP_SECRET_ID: vault.bootstrap.secretArn, ...origin, ...web, ...tiers },
    ),
    site: make('site', [readSecret(vault.origin)], { ...origin, ...web }),
  };
}
