import type { FunctionName } from './function.ts';

/** Whom a crash of a function hurts. The authorizer's errors are refusals: see `Guessing`. */
export const hurtBy: Readonly<Record<Exclude<FunctionName, 'authorizer'>, string>> = {
  tools: 'Apps that list and call tools over REST get 500.',
  mcp: 'People in MCP clients (Claude Code, Cursor, …) lose lists, calls or streams.',
  chat: 'Apps that chat lose answers, some in the middle of a stream.',
  admin: 'Admins and members cannot manage keys, teams, users or toolsets.',
  servers: 'Admins cannot add, test or refresh servers.',
  bootstrap: 'The first operator cannot get in, or a recovery failed.',
  site: 'Nobody can read the docs, and health checks fail.',
  probe: 'Admins cannot test a server before they add it, and proposed servers show nothing to approve.',
  approval: 'Nobody can propose a server or decide about one.',
  workflow: 'Submissions stand still: verdicts are not carried out, approved servers do not come.',
  watch: 'A server that changed its tools goes unnoticed.',
  usage: 'Admins and members cannot read usage or the ledger.',
  rollup: 'Admins see usage that lags behind or lacks calls.',
  sweep: 'Callers may be refused by counters that a crash left wrong; nothing corrects them.',
  reconcile: 'Nobody knows whether the books of yesterday agree.',
  valve: 'Callers of new orgs go on sharing the rate of a usage plan with other orgs.',
};

/** Run by a schedule, seldom: each failed run counts. */
export const scheduled: readonly string[] = ['sweep', 'reconcile', 'watch'];
