import { hash } from 'node:crypto';
import { dynamoAttempts } from './adapters/dynamo/attempts.ts';
import { dynamoBooks } from './adapters/dynamo/books.ts';
import { dynamoCounters } from './adapters/dynamo/counters.ts';
import { dynamoEvents } from './adapters/dynamo/events.ts';
import { dynamoMeter } from './adapters/dynamo/meter.ts';
import { dynamoPrincipals } from './adapters/dynamo/principals.ts';
import { dynamoRecords } from './adapters/dynamo/records.ts';
import { dynamoReviews } from './adapters/dynamo/reviews.ts';
import { dynamoSessions } from './adapters/dynamo/sessions.ts';
import { dynamoSnapshots } from './adapters/dynamo/snapshots.ts';
import { rowsOf } from './adapters/dynamo/stream.ts';
import { openTable } from './adapters/dynamo/table.ts';
import { dynamoUsage } from './adapters/dynamo/usage.ts';
import { dynamoValves } from './adapters/dynamo/valves.ts';
import { dynamoWorlds } from './adapters/dynamo/worlds.ts';
import { checkUrl as checkOutgoing } from './adapters/egress/url.ts';
import { httpModels } from './adapters/models/models.ts';
import { lambdaProbe } from './adapters/probe/probe.ts';
import { httpUpstream } from './adapters/upstream/upstream.ts';
import { modelKeys } from './adapters/vault/model-key.ts';
import { bootstrapToken, originSecret as openOriginSecret } from './adapters/vault/origin.ts';
import { pepperedSecrets } from './adapters/vault/pepper.ts';
import { randomText } from './adapters/vault/random.ts';
import { sealer } from './adapters/vault/seal.ts';
import { secretsVault } from './adapters/vault/vault.ts';
import { approvalMachine } from './adapters/workflow/machine.ts';
import { eventBridge } from './adapters/workflow/notices.ts';
import { startExecution } from './adapters/workflow/start.ts';
import type { Tiers } from './domain/metering/tier.ts';
import type { Events, Workflow } from './ports/approval.ts';
import type { CheckUrl } from './ports/upstream.ts';
import type { StartValve } from './ports/valve.ts';
import type { Clock, Digest } from './ports/world.ts';

/** Makes a port at its first use and keeps it for the life of the environment; importing this file does nothing. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly port: T } | undefined;
  return () => {
    made ??= { port: make() };
    return made.port;
  };
};

/** The clock of this environment, in milliseconds. */
export const clock: Clock = () => Date.now();
/** SHA-256, hex. */
export const sha256: Digest = (text) => hash('sha256', text);

const table = /* @__PURE__ */ once(openTable);
/** The table, for administration. */
export const records = /* @__PURE__ */ once(() => dynamoRecords(table()));
/** What decides for a caller. */
export const worlds = /* @__PURE__ */ once(() => dynamoWorlds(table(), clock));
/** What can make a key dead. */
export const principals = /* @__PURE__ */ once(() => dynamoPrincipals(table()));
/** Pinned definitions. */
export const snapshots = /* @__PURE__ */ once(() => dynamoSnapshots(table()));
/** Shared credentials of servers. */
export const vault = /* @__PURE__ */ once(() => secretsVault(clock));
/** Peppered HMACs and randomness. */
export const secrets = /* @__PURE__ */ once(() => pepperedSecrets(clock));
/** AEAD over what leaves and comes back. */
export const seal = /* @__PURE__ */ once(() => sealer(clock));
/** What the distribution adds to every request. */
export const originSecret = /* @__PURE__ */ openOriginSecret(clock);
export { bootstrapToken };
/** The egress rules, asked without dialling. */
export const checkUrl: CheckUrl = (url) => checkOutgoing(url);
/** MCP to servers. */
export const upstream = /* @__PURE__ */ once(() => httpUpstream(dynamoSessions(table(), seal(), clock)));
/** Models of the settings. */
export const models = /* @__PURE__ */ once(() => httpModels(modelKeys(clock)));
/** The probe function. */
export const probe = /* @__PURE__ */ once(lambdaProbe);
/** What belongs to the revisions of submissions. */
export const reviews = /* @__PURE__ */ once(() => dynamoReviews(table(), seal(), clock));
/** The approval machine. */
export const workflow: Workflow = approvalMachine;
/** Notices. */
export const events = /* @__PURE__ */ once((): Events => ({ ...dynamoEvents(table()), ...eventBridge() }));
/** How far this deployment trusts one admin, and what changed definitions mean for what is served. */
export const reviewSettings = () =>
  ({
    fourEyes: process.env['FOUR_EYES'] === 'true',
    drift: process.env['DRIFT'] === 'warn' ? 'warn' : 'quarantine',
  }) as const;
/** The tiers by name, as the deployment's settings have them. */
export const tiers = /* @__PURE__ */ once(
  (): Tiers => ({
    byName: JSON.parse(process.env['TIERS'] ?? '{}') as Tiers['byName'],
    default: process.env['DEFAULT_TIER'] ?? '',
  }),
);
/** The usage-plan keys of orgs. */
export const valves = /* @__PURE__ */ once(() => dynamoValves(table()));
/** The state machine that moves them. */
export const startValve: StartValve = (org_id, name) =>
  startExecution(process.env['VALVE_MACHINE'] ?? '', name, { org_id });
/** Counters, to be looked at. */
export const counters = /* @__PURE__ */ once(() => dynamoCounters(table()));
/** Counters and ledger, as calls use them. */
const meter = /* @__PURE__ */ once(() => dynamoMeter(table(), clock));
const attempts = /* @__PURE__ */ once(() => dynamoAttempts(table(), seal(), clock));
/** Counters, ledger and roll-ups, for those who keep the books. */
export const books = /* @__PURE__ */ once(() => dynamoBooks(table(), clock));
export { rowsOf };
/** Roll-ups and ledger, for readers. */
export const usage = /* @__PURE__ */ once(() => dynamoUsage(table()));
/** What every tool call asks of the world, but what belongs to one request. */
export const callPorts = () => ({
  vault: vault(),
  upstream: upstream(),
  meter: meter(),
  attempts: attempts(),
  tiers: tiers(),
  newCallId: () => `call_${randomText(12)}`,
  sha256,
  clock,
});
