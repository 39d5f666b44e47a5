import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { bundleSettings } from '../lib/esbuild.ts';
import type { Plan } from './rounds.ts';
import type { Bench } from './setup.ts';
import { median, paired, shuffled } from './statistics.ts';
import type { Table } from './table.ts';

const run = promisify(execFile);
const rounds = 15;

/** What a process does: import one bundle and say how long that took, in milliseconds. `awslambda` is what the Node runtime has. */
const measure = `
  globalThis.awslambda = { streamifyResponse: (handler) => handler };
  const begun = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - begun), () => process.exit());
`;

/** The least that reads an item, bundled as `lib/bundle.ts` bundles the functions. */
function bareClient(): Uint8Array {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'`,
      resolveDir: process.cwd(),
    },
    ...bundleSettings,
  });
  return outputFiles[0]!.contents;
}

async function importTime(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', measure, pathToFileURL(file).href]);
  return Number(stdout);
}

/** How long each function's bundle takes to import in a new process, each time beside the bare client's: before it or after it, as chance has it. */
export async function importTable({ gateway }: Bench, random: Plan['random']): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'xct-bench-'));
  try {
    const bare = join(folder, 'index.mjs');
    writeFileSync(bare, bareClient());
    const functions = gateway.ready.functions.map((fn) => ({
      name: fn.shortName,
      file: join(fn.folder, 'index.mjs'),
      own: [] as number[],
      bare: [] as number[],
    }));
    for (let round = 0; round <= rounds; round += 1)
      for (const fn of shuffled(functions, random)) {
        const pair = new Map<string, number>();
        for (const file of shuffled([fn.file, bare], random)) pair.set(file, await importTime(file));
        // The first round warms the disk's cache.
        if (round === 0) continue;
        fn.own.push(pair.get(fn.file)!);
        fn.bare.push(pair.get(bare)!);
      }
    const row = (name: string, file: string, times: readonly number[], ratio: number) => {
      const code = readFileSync(file);
      return [name, median(times), ratio, code.length / 1024, gzipSync(code).length / 1024];
    };
    const all = functions.flatMap((fn) => fn.bare);
    return {
      title: 'Import of each bundle in a new process',
      columns: ['bundle', 'ms', '× bare client', 'KB', 'KB gzipped'],
      rows: [
        row('DynamoDB client alone', bare, all, 1),
        ...functions.map((fn) =>
          row(
            fn.name,
            fn.file,
            fn.own,
            paired(fn.own, fn.bare, (our, their) => our / their),
          ),
        ),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
