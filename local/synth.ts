import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a synth did: how long each part took, and whether the assembly was still the one of these sources. */
export interface Synthesis {
  readonly skipped: boolean;
  readonly milliseconds: { readonly compare: number; readonly synth: number };
}

const root = resolve(import.meta.dirname, '..');

const sources = ['{bin,lib,contract,lambdas}/**/*.*', '{gateway.config.ts,cdk.json,package-lock.json,tsconfig.json}'];

function digest(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = existsSync(file) ? readFileSync(file) : '';
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** What `npm start` needs and no more: one stage, unchecked; `npm test` and `npx cdk synth` check both. */
export const oneStage = { CDK_CONTEXT_JSON: '{"stage":"dev"}', CDK_VALIDATION: 'false' } as const;

/** Synthesizes the stack into `out` unless neither the sources nor the assembly they made have changed. The CDK runs in a process of its own, so that it never loads here. Throws with its output when it fails. */
export async function synth(out = 'cdk.out', env: Readonly<Record<string, string>> = {}): Promise<Synthesis> {
  const started = performance.now();
  const folder = resolve(root, out);
  const stamp = join(folder, 'local-sources.sha256');
  const before = digest(
    globSync(sources, { cwd: root })
      .sort()
      .map((file) => join(root, file)),
  );
  // The assembly counts too: another synth, of the CDK command, may have replaced it.
  const state = () => `${before} ${digest([join(folder, 'manifest.json')])}`;
  const skipped = existsSync(stamp) && readFileSync(stamp, 'utf8') === state();
  const compared = performance.now();
  if (!skipped) {
    await run(folder, env);
    writeFileSync(stamp, state());
  }
  const milliseconds = { compare: compared - started, synth: performance.now() - compared };
  return { skipped, milliseconds };
}

async function run(folder: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, ['bin/gateway.ts'], {
    cwd: root,
    env: { ...process.env, ...env, CDK_OUTDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`the stack does not synthesize:\n${output}`);
}
