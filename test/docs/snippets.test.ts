import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Everything } from '../../local/demo/everything.ts';
import { type LocalModel, startDemoModel } from '../../local/demo/model.ts';
import { type Demo, seedDemo } from '../../local/demo/seed.ts';
import { thingsToTry } from '../../local/demo/try.ts';
import { type Gateway, startGateway } from '../../local/gateway.ts';
import { marksOf, pages, snippetsOf } from './pages.ts';

/** Long enough for a snippet that waits until a change holds everywhere, and for the smoke run on a busy machine. */
const longest = 120_000;
const home = mkdtempSync(join(tmpdir(), 'docs-'));
let gateway: Gateway;
let upstream: Everything;
let model: LocalModel;
let demo: Demo;

beforeAll(async () => {
  const folder = join(home, '.local');
  model = await startDemoModel();
  const env = { MODELS: JSON.stringify([model.setting]) };
  gateway = await startGateway({ assembly: 'cdk.out', stack: 'XctGateway-dev', folder, env });
  ({ demo, upstream } = await seedDemo(gateway, folder));
}, longest);

afterAll(async () => {
  upstream?.close();
  await gateway?.close();
  await model?.close();
});

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a command the way a reader would: the project's own Node first on the path, the demo's URL and keys set. */
function run(command: string, args: readonly string[], more: Record<string, string> = {}, cwd = '.'): Promise<Ran> {
  const env = {
    PATH: `${process.cwd()}/node_modules/.bin:${process.env['PATH']}`,
    HOME: home,
    ...more,
  };
  return new Promise((resolve) => {
    execFile(command, args, { env, cwd, timeout: longest }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    );
  });
}
const keys = () => ({ URL: demo.url, ADMIN_KEY: demo.admin_key, MEMBER_KEY: demo.member_key, UPSTREAM: upstream.url });

for (const page of pages) {
  for (const { at, code, expected } of snippetsOf(page))
    test(
      `${at} does what it says`,
      async () => {
        const ran = await run('bash', ['--norc', '-euo', 'pipefail', '-c', code], keys());
        expect(ran.code).toBe(0);
        for (const wanted of expected) expect(ran.output).toContain(wanted);
      },
      longest,
    );
}

test('every block that is marked to be run is found and says what to expect', () => {
  for (const page of pages) {
    expect(snippetsOf(page)).toHaveLength(marksOf(page));
    for (const { expected } of snippetsOf(page)) expect(expected).not.toEqual([]);
  }
});

test('the line of the README that sets the variables reads what npm start wrote', async () => {
  const line = /^eval .*demo\.json.*$/m.exec(readFileSync('README.md', 'utf8'))?.[0];
  const ran = await run('bash', ['--norc', '-euc', `${line}\necho $URL $ADMIN_KEY $MEMBER_KEY`], {}, home);
  expect(ran.output.trim()).toBe(`${demo.url} ${demo.admin_key} ${demo.member_key}`);
});

test('every curl line that npm start prints works as it stands, the chat line with its tools', async () => {
  const lines = thingsToTry(demo, model.name).match(/(?<=^ {2})curl .*$/gm) ?? [];
  const outputs: string[] = [];
  for (const line of lines)
    outputs.push((await run('bash', ['--norc', '-euc', line.replace('curl -s', 'curl -sf')])).output);
  expect(outputs).toHaveLength(5);
  expect(outputs.filter((output) => output === '')).toEqual([]);
  expect(outputs.join()).toContain('Your tools say: Echo: hello The sum of 20 and 22 is 42.');
});

test(
  'the smoke script finds nothing wrong with a local gateway and leaves nothing behind',
  async () => {
    const before = await servers();
    const tool = { TOOL: 'echo', ARGUMENTS: '{"message":"hello"}' };
    const ran = await run('node', ['scripts/smoke.ts'], { ...keys(), ...tool });
    expect(ran.output.split('\n').filter((line) => line.startsWith('NO'))).toEqual([]);
    expect(ran).toMatchObject({
      code: 0,
      output: expect.stringContaining('All that could be seen is as it should be.'),
    });
    expect(await servers()).toEqual(before);
  },
  longest,
);

test(
  'the smoke script fails where a server cannot be called, and with a key that is none',
  async () => {
    const lost = await run('node', ['scripts/smoke.ts'], { ...keys(), UPSTREAM: 'http://127.0.0.1:9/mcp' });
    expect(lost).toMatchObject({ code: 1, output: expect.stringContaining('NO  grants of servers') });
    const keyless = await run('node', ['scripts/smoke.ts'], { ...keys(), ADMIN_KEY: 'xct_none' });
    expect(keyless).toMatchObject({ code: 1, output: expect.stringContaining('ADMIN_KEY is not taken') });
  },
  longest,
);

async function servers(): Promise<unknown> {
  const headers = { authorization: `Bearer ${demo.admin_key}` };
  return (await fetch(`${demo.url}/v1/mcp/server`, { headers })).json();
}
