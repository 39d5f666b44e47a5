import type { Cost } from '../../../contract/cost.ts';
import type { Approval, Refusal, SubmissionCredentials } from '../../../contract/submission.ts';
import type { Act, Detail } from './wire.ts';
import { proposedTools } from './words.ts';

/** What a form holds: the values of its fields by name. */
export interface Fields {
  one(name: string): string;
  all(name: string): readonly string[];
}

/** Approves exactly what is shown. What was left as proposed is not named, so that nothing is narrowed by accident. */
function approval(detail: Detail, fields: Fields): Approval {
  const { revision, snapshot_hash = '', server, kind } = detail;
  const [tools, groups, note] = [fields.all('tool'), names(fields.one('groups')), fields.one('note').trim()];
  const cost = prices(detail, fields);
  const narrow = {
    ...(tools.length < proposedTools(detail).length ? { tools: [...tools] } : {}),
    ...(kind === 'review' || same(groups, server.access_groups ?? []) ? {} : { access_groups: groups }),
    ...(cost === undefined ? {} : { cost }),
  };
  return {
    revision,
    snapshot_hash,
    ...(note === '' ? {} : { note }),
    ...(Object.keys(narrow).length === 0 ? {} : { narrow }),
  };
}

/** Rejects, or asks to change, exactly what is shown. */
const refusal = ({ revision, snapshot_hash }: Detail, fields: Fields): Refusal => ({
  revision,
  ...(snapshot_hash === undefined ? {} : { snapshot_hash }),
  note: fields.one('note').trim(),
});

/** A credential for the server as it is shown. */
function attachment({ revision }: Detail, fields: Fields): SubmissionCredentials {
  const secrets = fields.all('secret-name').map((name) => [name, fields.one(`secrets.${name}`)]);
  const given = (['secret', 'username', 'password'] as const)
    .map((name) => [name, fields.one(name)] as const)
    .filter(([, value]) => value !== '');
  return {
    revision,
    credentials: {
      ...Object.fromEntries(given),
      ...(secrets.length === 0 ? {} : { secrets: Object.fromEntries(secrets) }),
    },
  };
}

/** The body of each act, from what is shown and what its form holds. */
export const bodyOf: Readonly<Record<Act, (detail: Detail, fields: Fields) => unknown>> = {
  approve: approval,
  'request-changes': refusal,
  reject: refusal,
  credentials: attachment,
};

/** Names of secrets that static headers refer to as `{secrets.NAME}`. */
export const secretNames = ({ server }: Detail): readonly string[] => [
  ...new Set(
    Object.values(server.static_headers ?? {}).flatMap((value) =>
      [...value.matchAll(/\{secrets\.([A-Za-z0-9_]{1,64})\}/g)].map(([, name]) => name!),
    ),
  ),
];

const names = (list: string): string[] => [...new Set(list.split(/[\s,]+/).filter((name) => name !== ''))];

const same = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === new Set(others).size && some.every((one) => others.includes(one));

/** The prices of the form, where they are not the proposed ones. */
function prices({ server }: Detail, fields: Fields): Cost | undefined {
  const tools = Object.fromEntries(
    fields
      .all('tool')
      .map((name) => [name, fields.one(`price.${name}`)] as const)
      .filter(([, price]) => price !== '')
      .map(([name, price]) => [name, Number(price)]),
  );
  const cost = {
    default_usd: Number(fields.one('default_usd')),
    ...(Object.keys(tools).length === 0 ? {} : { tools }),
  };
  const proposed = server.cost ?? { default_usd: 0 };
  const unchanged =
    cost.default_usd === proposed.default_usd &&
    fields.all('tool').every((name) => ownPrice(cost, name) === ownPrice(proposed, name));
  return unchanged ? undefined : cost;
}

/** The price that is set for a tool; it may be called `constructor`. */
export const ownPrice = ({ tools = {} }: Pick<Cost, 'tools'>, name: string): number | undefined =>
  Object.hasOwn(tools, name) ? tools[name] : undefined;
