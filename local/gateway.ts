import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from './clock.ts';
import { openDoor } from './door/door.ts';
import type { Execution } from './emulators/step-functions/execution.ts';
import { startEngines } from './engines.ts';
import { startSchedules } from './events/schedule.ts';
import type { Notice } from './events/target.ts';
import { startFunctions } from './functions.ts';
import { type Instruments, instrumentsOf } from './instruments.ts';
import { openLogs } from './lambda/logs.ts';
import type { LambdaFunction } from './lambda/pool.ts';
import { takeFolder } from './lock.ts';
import { startServices } from './services.ts';
import type { GatewaySettings } from './settings.ts';
import { openStreams } from './streams/streams.ts';
import { readAssembly } from './template/assembly.ts';
import { createSecrets } from './template/secrets.ts';
import { openStack } from './template/stack.ts';
import { createTables } from './template/tables.ts';

/** A gateway that serves. */
export interface Gateway extends Instruments {
  readonly url: string;
  readonly endpoints: Instruments['endpoints'] & { readonly lambda: string };
  readonly functions: readonly LambdaFunction[];
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Runs a function, by name, ARN or short name (`tools`), and answers what it returned. Throws an Error named by the `errorType` when it failed. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Every execution of the stack's state machines, with its history. */
  executions(): readonly Execution[];
  /** What was published to the stack's topics since the start. */
  readonly notices: readonly Notice[];
  /** Milliseconds that each part of the start took. */
  readonly timings: Readonly<Record<'stores' | 'resources' | 'door', number>>;
  close(): Promise<void>;
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
    if (folder !== undefined) closers.push(takeFolder(folder, settings.fresh ?? false));
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
      AWS_ENDPOINT_URL_LAMBDA: functions.endpoint,
      AWS_ENDPOINT_URL_API_GATEWAY: apiGateway.endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge.endpoint,
      AWS_ENDPOINT_URL_SFN: stepFunctions.endpoint,
      LOOPBACK_UPSTREAMS: 'allow',
      PUBLIC_URL: url,
      ...settings.env,
    });
    const functions = await startFunctions(stack, readSecret, env, logs);
    closers.push(functions.close);
    const notices: Notice[] = [];
    const publish = (notice: Notice) => {
      notices.push(notice);
      settings.onNotice?.(notice);
    };
    const ground = { stack, readSecret, clock, findFunction: functions.find };
    const services = await startServices({ ...ground, folder, dynamodb: dynamodb.endpoint, publish });
    const { apiGateway, eventBridge, stepFunctions } = services;
    closers.push(services.close);
    // Nobody calls yet: what a crash left open in the books can be closed at once.
    if (goesOn) await functions.find('sweep')?.invoke(JSON.stringify({ at_rest: true }));
    const door = await openDoor({ ...ground, findKey: apiGateway.findKey, port: settings.port });
    closers.push(door.close);
    url = door.url;
    closers.push(startSchedules(services.rules, clock), streams.start(functions.find, dynamodb.forgetChanges, logs));
    stepFunctions.resume();
    const instruments = instrumentsOf({ dynamodb, secretsManager, apiGateway, eventBridge, stepFunctions });
    const endpoints = { ...instruments.endpoints, lambda: functions.endpoint };
    if (folder !== undefined)
      writeFileSync(join(folder, 'endpoints.json'), JSON.stringify({ url, ...endpoints }), { mode: 0o600 });

    return {
      ...instruments,
      url,
      endpoints,
      functions: functions.all,
      outputs: stack.outputs(),
      invoke: functions.invoke,
      executions: stepFunctions.executions,
      notices,
      timings: { stores: stored - begun, resources: created - stored, door: performance.now() - created },
      close,
    };
  }
}
