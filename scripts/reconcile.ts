/**
 * Proves that ledger, counters and roll-ups agree, or prints where they do not; exit code 1 then.
 *
 *   npm run reconcile -- --from 2026-11-01 --to 2026-11-23
 *
 * Without dates: the last day that was swept. `--at-rest` sweeps first and compares today too: only while nobody calls.
 * It asks the gateway that runs on this machine, or a deployed one by the options of the output ReconcileCommand:
 * `--region`, `--reconcile` and `--sweep` (names of functions).
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { localClient } from '../local/aws.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    'at-rest': { type: 'boolean', default: false },
    region: { type: 'string' },
    reconcile: { type: 'string' },
    sweep: { type: 'string' },
    folder: { type: 'string', default: '.local' },
  },
});

interface Found {
  readonly from: string;
  readonly to: string;
  readonly orgs: number;
  readonly rows: number;
  readonly count: number;
  readonly differences: readonly Readonly<Record<string, string | number>>[];
}

/** The gateway on this machine, where its state folder says; its functions go by their short names. */
function local(): LambdaClientConfig {
  const { lambda } = JSON.parse(readFileSync(`${options.folder}/endpoints.json`, 'utf8'));
  return localClient(lambda);
}

async function invoke(client: LambdaClient, FunctionName: string, event: object): Promise<Found> {
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  const answer = JSON.parse(Payload?.transformToString() ?? 'null');
  if (FunctionError !== undefined) throw new Error(`${FunctionName}: ${answer.errorMessage}`);
  return answer;
}

try {
  const where =
    options.reconcile === undefined ? local() : options.region === undefined ? {} : { region: options.region };
  // A day of a large org takes minutes to read; a second try would read it again.
  const client = new LambdaClient({ ...where, maxAttempts: 1, requestHandler: { requestTimeout: 900_000 } });
  const atRest = options['at-rest'] ? { at_rest: true } : {};
  if (options['at-rest']) await invoke(client, options.sweep ?? 'sweep', atRest);
  const { from, to } = options;
  const dates = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const { differences, count, ...found } = await invoke(client, options.reconcile ?? 'reconcile', {
    ...dates,
    ...atRest,
  });
  console.log(`${found.from} to ${found.to}: ${found.orgs} orgs, ${found.rows} rows of the ledger.`);
  if (count > 0) console.table(differences, ['org_id', 'day', 'what', 'ledger', 'counter', 'rollup']);
  console.log(count === 0 ? 'Ledger, counters and roll-ups agree.' : `${count} differences.`);
  process.exitCode = count === 0 ? 0 : 1;
} catch (fault) {
  const { code, message } = fault as NodeJS.ErrnoException;
  const nobody = code === 'ENOENT' || code === 'ECONNREFUSED';
  console.error(nobody ? 'No gateway runs on this machine: npm start, or name one by --reconcile.' : message);
  process.exitCode = 2;
}
