/** What `Ref`, `Fn::GetAtt` and conditions stand for while a template is read. */
export interface Names {
  /** Value of `Ref`; `undefined` for `AWS::NoValue`. Throws on an unknown name. */
  ref(name: string): unknown;
  /** Value of `Fn::GetAtt`. */
  attribute(resource: string, name: string): string;
  /** Expression of a named condition. */
  condition(name: string): unknown;
}

type Operands = readonly unknown[];
type Intrinsic = (operand: unknown, names: Names) => unknown;

const list = (operand: unknown, names: Names): Operands => evaluate(operand, names) as Operands;

function attribute(operand: unknown, names: Names): string {
  const [resource, ...path] = typeof operand === 'string' ? operand.split('.') : (operand as readonly string[]);
  return names.attribute(resource!, path.join('.'));
}

function substitute(operand: unknown, names: Names): string {
  const [text, given] = (typeof operand === 'string' ? [operand, {}] : operand) as [string, Record<string, unknown>];
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in given) return String(evaluate(given[name], names));
    return String(name.includes('.') ? attribute(name, names) : names.ref(name));
  });
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, names) => names.ref(name as string),
  Condition: (name, names) => evaluate(names.condition(name as string), names),
  'Fn::GetAtt': attribute,
  'Fn::Sub': substitute,
  'Fn::Join': (operand, names) => {
    const [separator, parts] = operand as [string, unknown];
    return list(parts, names).join(separator);
  },
  'Fn::Split': (operand, names) => {
    const [separator, text] = operand as [string, unknown];
    return String(evaluate(text, names)).split(separator);
  },
  'Fn::Select': (operand, names) => {
    const [index, parts] = operand as [unknown, unknown];
    return list(parts, names)[Number(index)];
  },
  'Fn::If': (operand, names) => {
    const [condition, yes, no] = operand as [string, unknown, unknown];
    return evaluate(evaluate(names.condition(condition), names) ? yes : no, names);
  },
  'Fn::Equals': (operand, names) => {
    const [left, right] = list(operand, names);
    return left === right;
  },
  'Fn::And': (operand, names) => list(operand, names).every(Boolean),
  'Fn::Or': (operand, names) => list(operand, names).some(Boolean),
  'Fn::Not': (operand, names) => !list(operand, names)[0],
};

/** A template value with its intrinsic functions worked out; `AWS::NoValue` drops the property. Throws on an intrinsic it does not know. */
export function evaluate(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, names)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, operand] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined) {
    // A lone `Condition` of an object is an IAM statement's block, not an intrinsic.
    const intrinsic = name === 'Condition' && typeof operand !== 'string' ? undefined : intrinsics[name];
    if (intrinsic !== undefined) return intrinsic(operand, names);
    if (name.startsWith('Fn::')) throw new Error(`the local runner does not know ${name}`);
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key, evaluate(item, names)]).filter(([, item]) => item !== undefined),
  );
}
