import type { Callable } from '../domain/access.ts';
import { type Micros, priceOf } from '../domain/money.ts';

/** What a call will cost, fixed before it is sent. Quotas and budgets take their places here. */
export interface Metered {
  readonly price: Micros;
}

/** Third stage: prices the call by the server's price list. */
export const meter = ({ server, tool }: Callable): Metered => ({ price: priceOf(server, tool.name) });
