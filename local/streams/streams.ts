import type { Change } from '../emulators/dynamodb/change.ts';
import type { LogSink } from '../lambda/logs.ts';
import type { LambdaFunction } from '../lambda/pool.ts';
import type { Stack } from '../template/stack.ts';
import { startConsumer } from './consumer.ts';
import { readMappings } from './mapping.ts';

/** The template's table streams on their way to functions. */
export interface Streams {
  /** Takes a change of a table; absent where no mapping reads a stream. */
  readonly onChange: ((change: Change) => void) | undefined;
  /** Begins to deliver, first what was taken before; `forget` is called with the sequence number that all older changes are done before. Returns how to stop. */
  start(
    find: (nameOrArn: string) => LambdaFunction | undefined,
    forget: (before: number) => Promise<void>,
    logs: LogSink,
  ): () => void;
}

/** Reads the event source mappings of a stack. Throws on one it cannot serve. */
export function openStreams(stack: Stack): Streams {
  const mappings = readMappings(stack);
  const early: Change[] = [];
  let take = (change: Change): void => void early.push(change);

  return {
    onChange: mappings.length === 0 ? undefined : (change) => take(change),
    start(find, forget, logs) {
      let last = 0;
      const consumers = mappings.map((mapping) => {
        const fn = find(mapping.functionName);
        if (fn === undefined)
          throw new Error(`a stream feeds ${mapping.functionName}, which is no function of the stack`);
        return { mapping, ...startConsumer(mapping, fn, (text) => logs.write(fn.spec.shortName, text), onDone) };
      });
      function onDone(): void {
        const oldest = consumers.map((consumer) => consumer.oldest() ?? last + 1);
        void forget(Math.min(...oldest));
      }
      take = (change) => {
        last = change.sequence;
        for (const { mapping, take } of consumers) if (mapping.wants(change)) take(change);
      };
      early.splice(0).forEach(take);
      return () => {
        for (const { stop } of consumers) stop();
      };
    },
  };
}
