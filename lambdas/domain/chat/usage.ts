import { isObject } from '../protocol/jsonrpc.ts';

type Json = Readonly<Record<string, unknown>>;

/** Token counts of several model answers as one (OpenAI, CompletionUsage): numbers are added, the rest is the later one's. */
export function addUsage(sum: Json | undefined, usage: unknown): Json | undefined {
  if (!isObject(usage)) return sum;
  const total: Record<string, unknown> = { ...sum };
  for (const [field, count] of Object.entries(usage)) {
    const before = total[field];
    if (typeof count === 'number') total[field] = typeof before === 'number' ? before + count : count;
    else if (isObject(count)) total[field] = addUsage(isObject(before) ? before : undefined, count);
    else total[field] ??= count;
  }
  return total;
}
