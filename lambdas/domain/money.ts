import type { ServerRecord } from './records.ts';

/** Whole micro-dollars: sums of them are exact up to nine billion dollars. */
export type Micros = number;

/** Micro-dollars of an amount in US dollars with at most six decimals. */
export const toMicros = (usd: number): Micros => Math.round(usd * 1_000_000);

/** US dollars of an amount in micro-dollars. */
export const toUsd = (micros: Micros): number => micros / 1_000_000;

/** What one call of a tool costs: its own price, else the server's default, else nothing. */
export function priceOf(server: Pick<ServerRecord, 'cost'>, tool: string): Micros {
  const { cost } = server;
  if (cost === undefined) return 0;
  // A tool may be called `constructor`.
  const own = cost.tools !== undefined && Object.hasOwn(cost.tools, tool) ? cost.tools[tool] : undefined;
  return toMicros(own ?? cost.default_usd);
}
