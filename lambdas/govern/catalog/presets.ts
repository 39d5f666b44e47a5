import type { AuthSettings, AuthType } from '../../../contract/auth.ts';
import type { Preset } from '../../../contract/catalog.ts';
import source from '../../data/presets.json' with { type: 'json' };

/** An auth mode as `data/presets.json` spells it; `authorization` is an `Authorization` header of its own scheme. */
interface SourceMode {
  readonly mode: AuthType | 'authorization';
  readonly header?: string;
  /** The header's value with one `{…}` where the secret goes. */
  readonly value?: string;
  readonly get?: string;
  /** Where this mode alone has another URL than the preset. */
  readonly url?: string;
  readonly registration?: NonNullable<AuthSettings['registration']>;
  readonly authorization_server?: string;
  readonly scopes?: readonly string[];
}
interface SourcePreset extends Omit<Preset, 'auth'> {
  readonly auth: readonly SourceMode[];
}

/** A preset with the URL of each mode. */
export interface CatalogPreset extends Preset {
  readonly urls: readonly string[];
}

/** The settings of a header mode: `value` is `Token token={token}` and the like. */
const headerSettings = ({ header, value = '{token}' }: SourceMode): AuthSettings => ({
  ...(header === undefined ? {} : { header }),
  template: value.replace(/\{\w+\}/, '{secret}'),
});

const oauthSettings = ({ registration, authorization_server, scopes }: SourceMode): AuthSettings => ({
  ...(registration === undefined ? {} : { registration }),
  ...(authorization_server === undefined ? {} : { authorization_server }),
  ...(scopes === undefined ? {} : { scopes: [...scopes] }),
});

function modeOf(mode: SourceMode): Preset['auth'][number] {
  const get = mode.get === undefined ? {} : { get: mode.get };
  if (mode.mode === 'authorization' || mode.mode === 'api_key')
    return { auth_type: 'api_key', auth: headerSettings(mode), ...get };
  if (mode.mode === 'oauth2') return { auth_type: 'oauth2', auth: oauthSettings(mode), ...get };
  return { auth_type: mode.mode, ...get };
}

/** The catalog: `data/presets.json` in the words of the contract, in its order. */
export const presets: readonly CatalogPreset[] = (source.presets as readonly SourcePreset[]).map((preset) => ({
  id: preset.id,
  name: preset.name,
  category: preset.category,
  url: preset.url,
  auth: preset.auth.map(modeOf),
  note: preset.note,
  sources: preset.sources,
  urls: preset.auth.map((mode) => mode.url ?? preset.url),
}));
