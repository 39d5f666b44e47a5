import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { type ApiGateway, startApiGateway } from './emulators/api-gateway/start.ts';
import { type EventBridge, startEventBridge } from './emulators/event-bridge/start.ts';
import { type StepFunctions, startStepFunctions } from './emulators/step-functions/start.ts';
import { type Rule, readRules } from './events/rule.ts';
import { type Notice, openTargets } from './events/target.ts';
import type { LambdaFunction } from './lambda/pool.ts';
import { openTasks } from './tasks/tasks.ts';
import type { ReadSecret } from './template/dynamic-reference.ts';
import type { Stack } from './template/stack.ts';
import { readStateMachines } from './template/state-machines.ts';
import { readApiKeys, readUsagePlans } from './template/usage-plans.ts';

/** What the services need of the rest. */
export interface ServiceSettings {
  readonly stack: Stack;
  readonly readSecret: ReadSecret;
  readonly folder: string | undefined;
  readonly clock: Clock;
  readonly findFunction: (nameOrArn: string) => LambdaFunction | undefined;
  /** Endpoint of DynamoDB. */
  readonly dynamodb: string;
  /** Gets what is published to the stack's topics. */
  readonly publish: (notice: Notice) => void;
}

/** The services that know each other: a rule may start an execution, a task may put an event or make an API key. */
export interface Services {
  readonly apiGateway: ApiGateway;
  readonly eventBridge: EventBridge;
  readonly stepFunctions: StepFunctions;
  readonly rules: readonly Rule[];
  close(): Promise<void>;
}

/** Starts API Gateway's control plane, EventBridge and Step Functions for a stack. Throws, leaving nothing running, on a rule or a definition that cannot be served. */
export async function startServices(settings: ServiceSettings): Promise<Services> {
  const { stack, readSecret, clock, findFunction, publish } = settings;
  const part = (name: string) => settings.folder && join(settings.folder, name);
  const apiGateway = await startApiGateway({
    plans: readUsagePlans(stack),
    templateKeys: await readApiKeys(stack, readSecret),
    folder: part('api-gateway'),
  });
  let rules: readonly Rule[] = [];
  const eventBridge = await startEventBridge((event) => {
    for (const { fits, send } of rules) if (fits(event)) send(event);
  }, clock);
  const closers = [eventBridge.close, apiGateway.close];
  async function close(): Promise<void> {
    for (const closer of closers) await closer();
  }
  try {
    const stepFunctions = await startStepFunctions({
      machines: readStateMachines(stack),
      tasks: openTasks({ ...settings, apiGateway, eventBridge }),
      clock,
      folder: part('executions'),
    });
    closers.unshift(stepFunctions.close);
    rules = readRules(stack, openTargets(stack, findFunction, stepFunctions.startExecution, publish));
    return { apiGateway, eventBridge, stepFunctions, rules, close };
  } catch (error) {
    await close();
    throw error;
  }
}
