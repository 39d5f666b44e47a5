import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { localClient } from '../../local/aws.ts';
import type { Gateway } from '../../local/gateway.ts';
import type { Json } from './gateway.ts';

const script = fileURLToPath(new URL('serve.ts', import.meta.url));

/** A gateway as a process of its own, on a folder that outlives it. */
export interface KillableGateway {
  /** Where the one that runs is. */
  gateway(): Pick<Gateway, 'url' | 'endpoints' | 'outputs'>;
  /** Starts it on what the folder holds. */
  start(): Promise<void>;
  /** `kill -9`: no handler of the process gets to run. */
  kill(): Promise<void>;
  /** One request; `key` goes as bearer, `''` sends none. */
  send(method: string, path: string, key: string, body?: Json): Promise<Json>;
  /** Runs a function, as a person with the IAM permission to invoke it does. */
  invoke(name: string, event: object): Promise<Json>;
  /** Kills it and forgets its folder. */
  remove(): Promise<void>;
}

/** A gateway that is not started yet. */
export function killableGateway(): KillableGateway {
  const folder = mkdtempSync(join(tmpdir(), 'xct-killable-'));
  let running: ChildProcess;
  let gateway: Gateway;
  const kill = async () => {
    running.kill('SIGKILL');
    await once(running, 'exit');
  };
  return {
    gateway: () => gateway,
    async start() {
      running = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = await once(running.stdout!.setEncoding('utf8'), 'data');
      gateway = JSON.parse(line);
    },
    kill,
    async send(method, path, key, body) {
      const answer = await fetch(gateway.url + path, {
        method,
        headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.json() };
    },
    async invoke(name, event) {
      const client = new LambdaClient(localClient(gateway.endpoints.lambda));
      const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
      const { Payload } = await client.send(command);
      client.destroy();
      return JSON.parse(Payload?.transformToString() ?? '{}');
    },
    async remove() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}
