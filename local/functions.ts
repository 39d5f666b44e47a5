import { startInvokeApi } from './lambda/invoke-api.ts';
import type { LogSink } from './lambda/logs.ts';
import { createFunction, type LambdaFunction } from './lambda/pool.ts';
import type { ReadSecret } from './template/dynamic-reference.ts';
import { readFunctions } from './template/functions.ts';
import type { Stack } from './template/stack.ts';

/** The functions of a stack, ready to be invoked. */
export interface Functions {
  readonly all: readonly LambdaFunction[];
  /** Endpoint of Lambda's Invoke API. */
  readonly endpoint: string;
  /** A function by name, ARN or short name (`tools`). */
  find(name: string): LambdaFunction | undefined;
  /** Runs one and answers what it returned. Throws an Error named by the `errorType` when it failed. */
  invoke(name: string, event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Reads a stack's functions and opens the Invoke API for them; `env` is read at each cold start. */
export async function startFunctions(
  stack: Stack,
  readSecret: ReadSecret,
  env: () => Readonly<Record<string, string>>,
  logs: LogSink,
): Promise<Functions> {
  const specs = await readFunctions(stack, readSecret);
  const all = specs.map((spec) => createFunction(spec, env, (text) => logs.write(spec.shortName, text)));
  const find = (name: string) => all.find(({ spec }) => [spec.arn, spec.name, spec.shortName].includes(name));
  const api = await startInvokeApi(find);
  return {
    all,
    endpoint: api.endpoint,
    find,
    async invoke(name, event) {
      const fn = find(name);
      if (fn === undefined) throw new Error(`the stack has no function ${name}`);
      const outcome = await fn.invoke(JSON.stringify(event));
      if (outcome.ok) return JSON.parse(outcome.payload);
      throw Object.assign(new Error(outcome.error.errorMessage), { name: outcome.error.errorType });
    },
    async close() {
      await Promise.all(all.map((fn) => fn.close()));
      await api.close();
    },
  };
}
