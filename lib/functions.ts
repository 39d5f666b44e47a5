import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { approvalFunctions } from './approval-functions.ts';
import type { GatewayConfig, StageName } from './config.ts';
import { approvalArn, startApproval } from './constructs/approval.ts';
import { figuresNamespace } from './constructs/books.ts';
import { keepCredentials, readCredentials } from './constructs/credentials.ts';
import { createFunction, type FunctionName, type Make } from './constructs/function.ts';
import { readModelKeys } from './constructs/models.ts';
import { bufferedSeconds, streamMinutes } from './constructs/routes.ts';
import {
  correctBooks,
  listTable,
  meterCalls,
  readStream,
  readTable,
  rollUpCalls,
  turnValves,
  writeTable,
} from './constructs/table.ts';
import { valveMachineArn } from './constructs/valve.ts';
import { readSecret, type Vault } from './constructs/vault.ts';

/** What the functions of a stage are built on. */
export interface Ground {
  readonly table: TableV2;
  readonly vault: Vault;
  /** `https://…` of the distribution or the custom domain. */
  readonly publicUrl: string;
  /** Every host name that leads here. */
  readonly ownHosts: readonly string[];
}

/** A function that nobody waits for: as long as Lambda lets it. */
const inBackground = { timeoutSeconds: 900 };
/** A sweep starts up to 500 runs, one after the other. */
const sweepSeconds = 120;

/** Every function of a stage: what it may do and what it is told, no more than its handler uses. */
export function createFunctions(
  scope: Construct,
  stage: StageName,
  config: GatewayConfig,
  { table, vault, publicUrl, ownHosts }: Ground,
): Readonly<Record<FunctionName, IFunction>> {
  const { log_retention_days, allowed_origins } = config.stages[stage];
  const make: Make = (name, statements, environment, props = {}) =>
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

  const figures = { FIGURES_NAMESPACE: figuresNamespace(stage) };

  const mayCallTools = [readTable(table), ...meterCalls(table), readSecret(vault.seal), ...readCredentials(vault)];
  const callsTools = { ...records, ...seal, ...credentials, ...web, ...egress, ...tiers, ...figures };
  const mayWrite = [readTable(table), writeTable(table)];

  const approval = { APPROVAL_MACHINE: approvalArn(scope, stage) };
  const reviews = { FOUR_EYES: String(config.four_eyes), DRIFT: config.drift };
  const machine = { VALVE_MACHINE: valveMachineArn(scope, stage) };
  const mayStart = new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.VALVE_MACHINE] });

  const probe = make('probe', [], egress, { traced: false });
  const probing = { PROBE_FUNCTION: probe.functionName };
  const told = { records, seal, credentials, web, egress, tiers, approval, reviews, probing };
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
    chat: make(
      'chat',
      [...mayCallTools, ...readModelKeys(scope, config.models)],
      { ...callsTools, MODELS: config.models.length === 0 ? '' : JSON.stringify(config.models) },
      { timeoutSeconds: streamMinutes * 60 },
    ),
    admin: make('admin', [...mayWrite, listTable(table), readSecret(vault.pepper), readSecret(vault.seal), mayStart], {
      ...records,
      ...pepper,
      ...seal,
      ...web,
      ...tiers,
      ...machine,
    }),
    valve: make(
      'valve',
      [readTable(table), listTable(table), turnValves(table), mayStart],
      { ...records, ...tiers, ...machine },
      { timeoutSeconds: sweepSeconds },
    ),
    servers: make(
      'servers',
      [...mayWrite, readSecret(vault.seal), ...keepCredentials(vault), mayProbe, startApproval(scope, stage)],
      {
        ...records,
        ...seal,
        ...credentials,
        VAULT_KEY_ARN: vault.key.keyArn,
        ...probing,
        ...approval,
        ...reviews,
        ...web,
        ...egress,
        ...tiers,
      },
    ),
    ...approvalFunctions(scope, stage, make, { table, vault }, { mayProbe, mayWrite }, told),
    usage: make('usage', [readTable(table), readSecret(vault.seal)], { ...records, ...seal, ...web }),
    rollup: make('rollup', [readStream(table), rollUpCalls(table)], { ...records, ...figures }, inBackground),
    sweep: make(
      'sweep',
      [readTable(table), listTable(table), correctBooks(table)],
      { ...records, ...figures },
      inBackground,
    ),
    reconcile: make('reconcile', [readTable(table), listTable(table)], { ...records, ...figures }, inBackground),
    bootstrap: make(
      'bootstrap',
      [...mayWrite, listTable(table), readSecret(vault.pepper), readSecret(vault.bootstrap), readSecret(vault.origin)],
      { ...records, ...pepper, BOOTSTRAP_SECRET_ID: vault.bootstrap.secretArn, ...origin, ...web, ...tiers },
    ),
    site: make('site', [readSecret(vault.origin)], { ...origin, ...web }),
  };
}
