import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../upstreams/child.ts';

const package_ = '@modelcontextprotocol/conformance';

/** A revision of MCP that the suite has a set of requirements for. */
export type Requirements = '2026-07-28' | '2025-11-25';

/** What a server was found to do. */
export interface Verdict {
  /** By the suite: every failure and warning was expected, and all that were expected happened. */
  readonly ok: boolean;
  /** Scenarios that the revision requires of servers. */
  readonly required: readonly string[];
  /** Those without a failed check: the suite's own score. */
  readonly passed: readonly string[];
  /** Failed checks and warnings of required scenarios: `FAILURE scenario:check: message`. */
  readonly complaints: readonly string[];
  /** Everything that the suite printed. */
  readonly output: string;
}

/** One check of a `checks.json`. */
interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** The scenarios that a revision requires of servers, from the package's own list. */
function requiredOf(requirements: Requirements): string[] {
  const text = readFileSync(installed(`${package_}/requirements/${requirements}.yaml`), 'utf8');
  const [, list = ''] = /^server:\n((?: {2}- .*\n)+)/m.exec(text) ?? [];
  return [...list.matchAll(/- (.*)/g)].map(([, name]) => name!);
}

/** The checks of each scenario; a folder is named `server-{scenario}-{time}`. */
function checksIn(folder: string): Map<string, Check[]> {
  return new Map(
    readdirSync(folder).map((name) => [
      name.replace(/^server-|-\d{4}-\d\d-\d\dT.*$/g, ''),
      JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8')),
    ]),
  );
}

/** Runs the official suite against the server at `url`; `expected` is a file of the suite's form. */
export async function runSuite(url: string, requirements: Requirements, expected: string): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'xct-conformance-'));
  try {
    const script = installed(`${package_}/dist/index.js`);
    const args = ['server', '--url', url, '--requirements', requirements];
    const child = spawn(process.execPath, [script, ...args, '--expected-failures', expected, '-o', folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    const [code] = await once(child, 'close');
    const required = requiredOf(requirements);
    const checks = checksIn(folder);
    const bad = required.flatMap((scenario) =>
      (checks.get(scenario) ?? [{ id: 'not-run', status: 'FAILURE' } satisfies Check])
        .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
        .map((check: Check) => ({ scenario, ...check })),
    );
    const failed = new Set(bad.filter(({ status }) => status === 'FAILURE').map(({ scenario }) => scenario));
    const passed = required.filter((scenario) => !failed.has(scenario));
    const complaints = bad.map(
      ({ scenario, id, status, errorMessage }) => `${status} ${scenario}:${id}: ${errorMessage ?? ''}`,
    );
    return { ok: code === 0, required, passed, complaints, output };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
