import type { Preset, PresetAdd } from '../../../contract/catalog.ts';
import type { PageQuery } from '../../../contract/lists.ts';
import type { ServerCreate } from '../../../contract/servers.ts';
import { checkCredentials } from '../../domain/credentials/index.ts';
import { invalid, notFound, type Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import { type Added, type Adding, addServer } from '../approval/add.ts';
import { type Listed, pageOf } from '../page.ts';
import { aliasOf } from '../servers/alias.ts';
import { rowsOf } from '../servers/list.ts';
import { type CatalogPreset, presets } from './presets.ts';

/** The presets, a page of them by id. */
export const listCatalog = (
  acting: Parameters<typeof pageOf>[0],
  query: PageQuery,
): Promise<Result<Listed<Preset>, Refusal>> =>
  pageOf(acting, 'catalog', query, rowsOf(presets), ({ urls: _, ...preset }) => preset);

/** Adds a server from a preset through the same creation as any other; what is given takes the place of what the preset says. */
export async function addPreset(acting: Adding, id: string, given: PresetAdd): Promise<Result<Added, Refusal>> {
  const preset = presets.find((one) => one.id === id);
  if (!preset) return notFound('This preset');
  const at = modeFor(preset, given);
  const mode = preset.auth[at];
  if (!mode) {
    const offered = preset.auth.map(({ auth_type }) => auth_type).join(', ');
    return invalid(`${preset.name} is known to take: ${offered}. Create a server to use another.`, 'auth_type');
  }
  const body = {
    alias: aliasOf(id),
    name: preset.name,
    url: preset.urls[at],
    auth_type: mode.auth_type,
    ...(mode.auth === undefined ? {} : { auth: mode.auth }),
    ...given,
  };
  return addServer(acting, body as ServerCreate);
}

/** Position of the mode asked for; else the first that fits the credentials given; without any `none`, else the first. */
function modeFor({ auth }: CatalogPreset, { auth_type, credentials }: PresetAdd): number {
  if (auth_type !== undefined) return auth.findIndex((mode) => mode.auth_type === auth_type);
  if (credentials) return auth.findIndex((mode) => !checkCredentials(mode.auth_type, mode.auth ?? {}, credentials, {}));
  return Math.max(
    0,
    auth.findIndex((mode) => mode.auth_type === 'none'),
  );
}
