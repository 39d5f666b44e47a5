import type { Books } from '../../ports/books.ts';

type BookedRow = Awaited<ReturnType<Books['rows']> extends AsyncIterable<infer Row> ? Row : never>;

/** Rows that are held at a time. */
const atOnce = 1_000;

/** The rows of an org's hours or days, a part of them at a time: a day of a large org does not fit into memory. */
export async function* rowsIn(
  books: Pick<Books, 'rows'>,
  orgId: string,
  prefixes: readonly string[],
): AsyncGenerator<readonly BookedRow[]> {
  let part: BookedRow[] = [];
  for (const prefix of prefixes)
    for await (const row of books.rows(orgId, prefix)) {
      part.push(row);
      if (part.length < atOnce) continue;
      yield part;
      part = [];
    }
  if (part.length > 0) yield part;
}
