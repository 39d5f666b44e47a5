/** `npm run bench`: measures, prints tables, writes nothing; `--json <file>` writes the figures too; instead of it, `--profile` shows where a call's time goes, `--peers` compares with nginx and other gateways. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { authorizerTable } from './authorizer.ts';
import { awsTable } from './aws-calls.ts';
import { addedByEach, callSubjects, throughputOfEach } from './calls.ts';
import { chatTable } from './chat.ts';
import { importTable } from './imports.ts';
import { listTable } from './lists.ts';
import { peerTables } from './peers.ts';
import { profileTables } from './profile.ts';
import { quiet } from './quiet.ts';
import { openBench } from './setup.ts';
import { seeded } from './statistics.ts';
import { render, type Table } from './table.ts';
import { targetTable } from './targets.ts';

const { values: flags } = parseArgs({
  options: { json: { type: 'string' }, profile: { type: 'boolean' }, peers: { type: 'boolean' } },
});
const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${process.platform} ${process.arch}, load ${loadavg()[0]?.toFixed(1)}`;
const tables: Table[] = [];

console.log(`${machine}\n`);
const bench = await openBench();
try {
  const random = seeded(1);
  const show = async (measured: Promise<Table | readonly Table[]>) => {
    const loud = quiet();
    const found = [await measured.finally(loud)].flat();
    tables.push(...found);
    for (const table of found) console.log(render(table));
  };
  if (flags.profile) await show(profileTables(bench));
  else if (flags.peers) await show(peerTables(bench, random));
  else {
    const subjects = await callSubjects(bench);
    await show(addedByEach(subjects, random));
    await show(throughputOfEach(subjects, random));
    await show(chatTable(bench, random));
    await show(authorizerTable(bench));
    await show(listTable(bench, random));
    await show(importTable(bench, random));
    await show(awsTable(bench));
    await show(Promise.resolve(targetTable(tables)));
  }
} finally {
  bench.close();
}
if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ machine, tables }, null, 2)}\n`);
