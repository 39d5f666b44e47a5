import * as z from 'zod';

/** Default and highest number of rows in one answer of a list. */
export const pageSize = { default: 50, max: 200 } as const;

/** `?cursor=&limit=` of every list. */
export const PageQuery = z.strictObject({
  cursor: z.string().max(2048).exactOptional(),
  limit: z.coerce.number().int().min(1).max(pageSize.max).exactOptional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** `{"object":"list","data":[…],"next_cursor"?}` */
export const ListOf = <T extends z.ZodType>(row: T) =>
  z.object({ object: z.literal('list'), data: z.array(row), next_cursor: z.string().exactOptional() });

/** The answer of a DELETE. */
export const Deleted = z.object({ id: z.string(), deleted: z.literal(true) });
