import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a synth did: how long each part took, and whether the assembly was still the one of these sources. */
export interface Synthesis {
  readonly skipped: boolean;
  readonly milliseconds: { readonly compare: number; readonly synth: number };
}

const sources = [
  '{bin,lib,contract,lambdas}/**/*.{ts,js,mjs,json}',
  '{gateway.config.ts,cdk.json,package-lock.json,tsconfig.json}',
];

/** Digest of the sources and of the assembly they made: it changes when either does, also by another synth. */
function digest(out: string): string {
  const hash = createHash('sha256');
  for (const file of [...globSync(sources).sort(), join(out, 'manifest.json')]) {
    const content = existsSync(file) ? readFileSync(file) : '';
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Synthesizes the stack into `out` unless nothing changed since the last time. The CDK runs in a process of its own, so that it never loads here. Throws with its output when it fails. */
export async function synth(out = 'cdk.out'): Promise<Synthesis> {
  const started = performance.now();
  const stamp = join(out, 'local-sources.sha256');
  const skipped = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest(out);
  const compared = performance.now();
  if (!skipped) {
    await run(out);
    writeFileSync(stamp, digest(out));
  }
  const milliseconds = { compare: compared - started, synth: performance.now() - compared };
  return { skipped, milliseconds };
}

async function run(out: string): Promise<void> {
  // The CDK command hands its context to an app this way; an app that runs alone has none.
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { readonly context?: unknown };
  const env = { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context ?? {}) };
  const child = spawn(process.execPath, ['bin/gateway.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`the stack does not synthesize:\n${output}`);
}
