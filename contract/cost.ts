import * as z from 'zod';
import { ToolName } from './names.ts';

/** Micro-dollar precision. */
export const Usd = z.number().nonnegative().max(1e6).multipleOf(0.000001);

/** Prices of a server's tools in US dollars a call. */
export const Cost = z.strictObject({
  default_usd: Usd,
  tools: z.record(ToolName, Usd).exactOptional(),
});
export type Cost = z.infer<typeof Cost>;
