import type { ArgumentRule } from '../../../contract/permission.ts';

/** Maps of argument name → rule that must all pass; an empty list restricts nothing. */
export type Rules = readonly Readonly<Record<string, ArgumentRule>>[];

/** The argument that stopped a call, and the rule it failed, such as `enum ["a/b"]` or `must be present`. */
export interface FailedRule {
  readonly argument: string;
  readonly rule: string;
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
// JSON Schema counts code points, not UTF-16 units (2020-12 Validation §6.3.1).
const lengthOf = (value: unknown): number => (typeof value === 'string' ? [...value].length : Number.NaN);

function isOfType(value: unknown, type: ArgumentRule['type']): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return isNumber(value);
    default:
      // `string` or `boolean`
      return typeof value === type;
  }
}

/** A keyword about numbers or strings fails for any other type: a rule is a permission, not a description. */
function passes(value: unknown, keyword: string, rule: ArgumentRule): boolean {
  switch (keyword) {
    case 'type':
      return isOfType(value, rule.type);
    case 'enum':
      return rule.enum!.some((one) => one === value);
    case 'const':
      return value === rule.const;
    case 'minimum':
      return isNumber(value) && value >= rule.minimum!;
    case 'maximum':
      return isNumber(value) && value <= rule.maximum!;
    case 'minLength':
      return lengthOf(value) >= rule.minLength!;
    case 'maxLength':
      return lengthOf(value) <= rule.maxLength!;
    default:
      // A keyword that a newer version stored is not understood here, so it cannot be held to have passed.
      return false;
  }
}

/** The first argument rule that `given` fails; a restricted argument must be an own property and pass. */
export function failedRule(rules: Rules, given: Readonly<Record<string, unknown>>): FailedRule | undefined {
  for (const [argument, rule] of rules.flatMap((map) => Object.entries(map))) {
    if (!Object.hasOwn(given, argument) || given[argument] === undefined) return { argument, rule: 'must be present' };
    const failed = Object.entries(rule).find(([keyword]) => !passes(given[argument], keyword, rule));
    if (failed !== undefined) return { argument, rule: `${failed[0]} ${JSON.stringify(failed[1])}` };
  }
  return undefined;
}
