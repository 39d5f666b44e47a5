/** True for an event that fits. */
export type Pattern = (event: unknown) => boolean;

/** Looks at a field's values: none where it is absent, each element where it is a list. */
type Matcher = (values: readonly unknown[]) => boolean;

const texts = (values: readonly unknown[]) => values.filter((value) => typeof value === 'string');

const named: Readonly<Record<string, (operand: unknown) => Matcher>> = {
  prefix: (start) => (values) => texts(values).some((text) => text.startsWith(String(start))),
  suffix: (end) => (values) => texts(values).some((text) => text.endsWith(String(end))),
  exists: (wanted) => (values) => values.length > 0 === wanted,
  'anything-but': (operand) => {
    const excluded = [operand].flat().map(matcher);
    return (values) => values.some((value) => !excluded.some((matches) => matches([value])));
  },
};

function matcher(rule: unknown): Matcher {
  if (typeof rule !== 'object' || rule === null) return (values) => values.includes(rule);
  const [name = '', ...more] = Object.keys(rule);
  const make = Object.hasOwn(named, name) ? named[name] : undefined;
  if (make === undefined || more.length > 0)
    throw new Error(`the local runner does not match events by ${JSON.stringify(rule)}`);
  return make((rule as Readonly<Record<string, unknown>>)[name]);
}

const fieldOf = (event: unknown, name: string): unknown =>
  typeof event === 'object' && event !== null ? (event as Readonly<Record<string, unknown>>)[name] : undefined;

/** An EventBridge pattern (also the form of a stream's filter): every field must fit one of its values. Throws on a comparison the local runner does not know. */
export function parsePattern(pattern: unknown): Pattern {
  if (Array.isArray(pattern)) {
    const matchers = pattern.map(matcher);
    return (value) => {
      const values = value === undefined ? [] : [value].flat();
      return matchers.some((matches) => matches(values));
    };
  }
  if (typeof pattern !== 'object' || pattern === null)
    throw new Error(`an event pattern lists values, not ${JSON.stringify(pattern)}`);
  const fields = Object.entries(pattern).map(([name, inner]) => {
    if (name.startsWith('$')) throw new Error(`the local runner does not match events by ${name}`);
    return [name, parsePattern(inner)] as const;
  });
  return (event) => fields.every(([name, fits]) => fits(fieldOf(event, name)));
}
