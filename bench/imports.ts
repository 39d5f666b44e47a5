import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import type { Plan } from './rounds.ts';
import type { Bench } from './setup.ts';
import { median, paired, shuffled } from './statistics.ts';
import type { Table } from './table.ts';

const run = promisify(execFile);
const rounds = 15;
const bareName = 'DynamoDB client alone';

/** What a process does: import one bundle and say how long that took, in milliseconds. `awslambda` is what the Node runtime has. */
const measure = `
  globalThis.awslambda = { streamifyResponse: (handler) => handler };
  const begun = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - begun), () => process.exit());
`;

/** The least that reads an item, bundled as `lib/bundle.ts` bundles the functions. */
function bareClient(): Uint8Array {
  const httpShim = resolve('lib/http-shim.mjs');
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'`,
      resolveDir: process.cwd(),
    },
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    mainFields: ['module', 'main'],
    alias: { http: httpShim, 'node:http': httpShim },
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  return outputFiles[0]!.contents;
}

async function importTime(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', measure, pathToFileURL(file).href]);
  return Number(stdout);
}

/** How long each function's bundle takes to import in a new process, beside the bare client's in the same round. */
export async function importTable({ gateway }: Bench, random: Plan['random']): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'xct-bench-'));
  try {
    const bare = { name: bareName, file: join(folder, 'index.mjs') };
    writeFileSync(bare.file, bareClient());
    const functions = gateway.ready.functions.map((fn) => ({
      name: fn.shortName,
      file: join(fn.folder, 'index.mjs'),
    }));
    const all = [bare, ...functions].map((bundle) => ({ ...bundle, times: [] as number[] }));
    for (let round = 0; round <= rounds; round += 1)
      for (const { file, times } of shuffled(all, random)) {
        const time = await importTime(file);
        // The first round warms the disk's cache.
        if (round > 0) times.push(time);
      }
    const rows = all.map(({ name, file, times }) => {
      const code = readFileSync(file);
      const ratio = paired(times, all[0]!.times, (our, their) => our / their);
      return [name, median(times), ratio, code.length / 1024, gzipSync(code).length / 1024];
    });
    return {
      title: 'Import of each bundle in a new process',
      columns: ['bundle', 'ms', '× bare client', 'KB', 'KB gzipped'],
      rows,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
