/** Where the models of a name are, as the settings have it (lib/config.ts). */
export interface ModelSetting {
  /** An exact name; a beginning that ends with `/` and is taken off before sending; one that ends with `*` and stays. */
  readonly model: string;
  readonly base_url: string;
  /** Absent where the provider asks for none. */
  readonly secret_id?: string;
}

/** Reads MODELS. */
export const readModels = (text = process.env['MODELS']): readonly ModelSetting[] => JSON.parse(text ?? '[]');

/** The name of a setting in a list: one that ends with `*` stands for every name that begins so. */
export const shownName = ({ model }: ModelSetting): string => (model.endsWith('/') ? `${model}*` : model);

/** The name that a provider knows a model by; undefined where the setting is not this model's. */
export function nameAtProvider({ model }: ModelSetting, asked: string): string | undefined {
  if (model === asked && !/[/*]$/.test(model)) return asked;
  const beginning = model.replace(/\*$/, '');
  if (!/[/*]$/.test(model) || !asked.startsWith(beginning) || asked === beginning) return undefined;
  return model.endsWith('/') ? asked.slice(beginning.length) : asked;
}

/** The setting of a model: its own name's, else the one with the longest beginning. */
export const settingOf = (settings: readonly ModelSetting[], asked: string): ModelSetting | undefined =>
  settings
    .filter((setting) => nameAtProvider(setting, asked) !== undefined)
    .sort((a, b) => Number(b.model === asked) - Number(a.model === asked) || b.model.length - a.model.length)[0];

/** The URL of Chat Completions under a base URL; a query such as Azure's `api-version` stays. */
export function completionsUrl({ base_url }: ModelSetting): string {
  const url = new URL(base_url);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  return url.href;
}
