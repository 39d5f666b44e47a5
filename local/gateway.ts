import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { openDoor } from './door/door.ts';
import type { Faults } from './emulators/faults.ts';
import { startEngines } from './engines.ts';
import { startInvokeApi } from './lambda/invoke-api.ts';
import { type LogLine, openLogs } from './lambda/logs.ts';
import { createFunction, type LambdaFunction } from './lambda/pool.ts';
import { takeLock } from './lock.ts';
import { startSchedules } from './schedule.ts';
import { openStreams } from './streams/streams.ts';
import { readAssembly } from './template/assembly.ts';
import { readFunctions } from './template/functions.ts';
import { createSecrets } from './template/secrets.ts';
import { openStack } from './template/stack.ts';
import { createTables } from './template/tables.ts';

/** How to run a synthesized stack on this machine. */
export interface GatewaySettings {
  /** Folder of the assembly, such as `cdk.out`. */
  readonly assembly: string;
  /** Stack of the assembly; the first of the manifest unless told. */
  readonly stack?: string;
  /** Where state, logs and the lock live; without it everything is in memory. */
  readonly folder?: string;
  /** True forgets what the folder held. */
  readonly fresh?: boolean;
  /** A free one unless told. */
  readonly port?: number;
  /** Environment variables added to every function; they win over the template's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets every line that a function prints. */
  readonly onLog?: (entry: LogLine) => void;
  readonly clock?: Clock;
}

/** A gateway that serves. */
export interface Gateway {
  readonly url: string;
  readonly endpoints: { readonly dynamodb: string; readonly secretsManager: string; readonly lambda: string };
  readonly functions: readonly LambdaFunction[];
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Runs a function, by name, ARN or short name (`tools`), and answers what it returned. Throws an Error named by the `errorType` when it failed. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Requests per operation that the stores have served. */
  counts(): Promise<Readonly<Record<'dynamodb' | 'secretsManager', Readonly<Record<string, number>>>>>;
  readonly faults: { readonly dynamodb: Faults; readonly secretsManager: Faults };
  /** Milliseconds that each part of the start took. */
  readonly timings: Readonly<Record<'stores' | 'resources' | 'door', number>>;
  close(): Promise<void>;
}

function prepareFolder(folder: string, fresh: boolean): () => void {
  const release = takeLock(folder);
  if (fresh)
    for (const name of readdirSync(folder).filter((name) => name !== 'lock'))
      rmSync(join(folder, name), { recursive: true });
  return release;
}

/** Brings a synthesized stack to life on loopback: stores, functions, API, schedules. Throws, leaving nothing running, when a part cannot start. */
export async function startGateway(settings: GatewaySettings): Promise<Gateway> {
  const { folder, clock = systemClock } = settings;
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await start();
  } catch (error) {
    await close();
    throw error;
  }

  async function start(): Promise<Gateway> {
    const begun = performance.now();
    const stack = openStack(readAssembly(settings.assembly, settings.stack));
    if (folder !== undefined) closers.push(prepareFolder(folder, settings.fresh ?? false));
    const goesOn = folder !== undefined && existsSync(join(folder, 'dynamodb'));
    const streams = openStreams(stack);
    const { dynamodb, secretsManager } = await startEngines(folder, streams.onChange);
    closers.push(dynamodb.close, secretsManager.close);
    const stored = performance.now();

    const [readSecret] = await Promise.all([
      createSecrets(stack, secretsManager.endpoint),
      createTables(stack, dynamodb.endpoint),
    ]);
    const created = performance.now();

    const logs = openLogs(folder && join(folder, 'logs'), settings.onLog ?? (() => {}));
    closers.push(logs.close);
    let url = '';
    const env = () => ({
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint,
      AWS_ENDPOINT_URL_LAMBDA: invokeApi.endpoint,
      LOOPBACK_UPSTREAMS: 'allow',
      PUBLIC_URL: url,
      ...settings.env,
    });
    const specs = await readFunctions(stack, readSecret);
    const functions = specs.map((spec) => createFunction(spec, env, (text) => logs.write(spec.shortName, text)));
    const find = (name: string) => functions.find(({ spec }) => [spec.arn, spec.name, spec.shortName].includes(name));
    const invokeApi = await startInvokeApi(find);
    closers.push(invokeApi.close, () => Promise.all(functions.map((fn) => fn.close())));
    // Nobody calls yet: what a crash left open in the books can be closed at once.
    if (goesOn) await find('sweep')?.invoke(JSON.stringify({ at_rest: true }));
    const door = await openDoor({ stack, readSecret, findFunction: find, clock, port: settings.port });
    closers.push(door.close);
    url = door.url;
    closers.push(startSchedules(stack, clock, find), streams.start(find, dynamodb.forgetChanges, logs));

    const endpoints = {
      dynamodb: dynamodb.endpoint,
      secretsManager: secretsManager.endpoint,
      lambda: invokeApi.endpoint,
    };
    if (folder !== undefined)
      writeFileSync(join(folder, 'endpoints.json'), JSON.stringify({ url, ...endpoints }), { mode: 0o600 });

    return {
      url,
      endpoints,
      functions,
      outputs: stack.outputs(),
      async invoke(name, event) {
        const fn = find(name);
        if (fn === undefined) throw new Error(`the stack has no function ${name}`);
        const outcome = await fn.invoke(JSON.stringify(event));
        if (outcome.ok) return JSON.parse(outcome.payload);
        throw Object.assign(new Error(outcome.error.errorMessage), { name: outcome.error.errorType });
      },
      counts: async () => ({ dynamodb: await dynamodb.counts(), secretsManager: await secretsManager.counts() }),
      faults: { dynamodb: dynamodb.faults, secretsManager: secretsManager.faults },
      timings: { stores: stored - begun, resources: created - stored, door: performance.now() - created },
      close,
    };
  }
}
