import * as z from 'zod';

/** OpenAI-shaped error envelope of every non-MCP route. */
export const ErrorEnvelope = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.string(),
    code: z.string(),
    param: z.string().nullable(),
    request_id: z.string(),
    details: z.record(z.string(), z.unknown()).exactOptional(),
  }),
});
