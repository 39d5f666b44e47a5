import { Name } from '../../../contract/names.ts';
import { reservedNames } from '../../../contract/reserved.ts';
import type { Records } from '../../ports/table.ts';

const longest = 20;
const cut = (text: string, room: number): string => text.slice(0, room).replace(/-+$/, '');

/** The alias form of any text: lower case, single hyphens, at most 20 characters, no reserved word. */
export function aliasOf(text: string): string {
  const plain = cut(
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+/, ''),
    longest,
  );
  if (plain === '') return 'server';
  return reservedNames.has(plain) ? `${cut(plain, longest - 4)}-mcp` : plain;
}

/** The alias form of a text with the first free number behind it where `taken` has it already. */
export function freeAlias(text: string, taken: ReadonlySet<string>): string {
  const alias = aliasOf(text);
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? alias : `${cut(alias, longest - 1 - String(n).length)}-${n}`;
    if (!taken.has(candidate) && Name.safeParse(candidate).success) return candidate;
  }
}

/** Every name of the org's one namespace that is held now: aliases, access groups, toolset names. */
export async function takenNames(records: Pick<Records, 'directory'>, orgId: string): Promise<Set<string>> {
  const { servers, toolsets } = await records.directory(orgId);
  return new Set([
    ...servers.flatMap(({ alias, access_groups }) => [alias, ...access_groups]),
    ...toolsets.map(({ name }) => name),
  ]);
}
