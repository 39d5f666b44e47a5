import { join } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { openDoor } from './door/door.ts';
import type { Emulator } from './emulators/aws-json.ts';
import type { Faults } from './emulators/faults.ts';
import type { Execution } from './emulators/step-functions/execution.ts';
import { startEngines } from './engines.ts';
import { startSchedules } from './events/schedule.ts';
import type { Notice } from './events/target.ts';
import { startFunctions } from './functions.ts';
import { type LogLine, openLogs } from './lambda/logs.ts';
import type { LambdaFunction } from './lambda/pool.ts';
import { takeFolder } from './lock.ts';
import { startServices } from './services.ts';
import { openStreams } from './streams/streams.ts';
import { readAssembly } from './template/assembly.ts';
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
  /** Gets what is published to the stack's topics. */
  readonly onNotice?: (notice: Notice) => void;
  readonly clock?: Clock;
}

/** The AWS services that run beside the functions. */
type Service = 'dynamodb' | 'secretsManager' | 'apiGateway' | 'eventBridge' | 'stepFunctions';

/** A gateway that serves. */
export interface Gateway {
  readonly url: string;
  readonly endpoints: Readonly<Record<Service | 'lambda', string>>;
  readonly functions: readonly LambdaFunction[];
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Runs a function, by name, ARN or short name (`tools`), and answers what it returned. Throws an Error named by the `errorType` when it failed. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Every execution of the stack's state machines, with its history. */
  executions(): readonly Execution[];
  /** What was published to the stack's topics since the start. */
  readonly notices: readonly Notice[];
  /** Requests per operation that each service has served. */
  counts(): Promise<Readonly<Record<Service, Readonly<Record<string, number>>>>>;
  readonly faults: Readonly<Record<Service, Faults>>;
  /** Milliseconds that each part of the start took. */
  readonly timings: Readonly<Record<'stores' | 'resources' | 'door', number>>;
  close(): Promise<void>;
}

/** What every service has to show, by its name. */
const each = <T>(emulators: Readonly<Record<Service, Emulator>>, show: (emulator: Emulator) => T) =>
  Object.fromEntries(Object.entries(emulators).map(([name, emulator]) => [name, show(emulator)])) as Record<Service, T>;

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
    const door = await openDoor({ ...ground, findKey: apiGateway.findKey, port: settings.port });
    closers.push(door.close);
    url = door.url;
    closers.push(startSchedules(services.rules, clock), streams.start(functions.find, dynamodb.forgetChanges, logs));
    stepFunctions.resume();
    const emulators = { dynamodb, secretsManager, apiGateway, eventBridge, stepFunctions };

    return {
      url,
      endpoints: { ...each(emulators, ({ endpoint }) => endpoint), lambda: functions.endpoint },
      functions: functions.all,
      outputs: stack.outputs(),
      invoke: functions.invoke,
      executions: stepFunctions.executions,
      notices,
      async counts() {
        const counted = Object.entries(emulators).map(async ([name, { counts }]) => [name, await counts()] as const);
        return Object.fromEntries(await Promise.all(counted)) as Awaited<ReturnType<Gateway['counts']>>;
      },
      faults: each(emulators, ({ faults }) => faults),
      timings: { stores: stored - begun, resources: created - stored, door: performance.now() - created },
      close,
    };
  }
}
