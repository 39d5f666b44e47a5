import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { StateFailure } from './failure.ts';

/** Variables an expression sees, without their dollar sign. */
export type Bindings = Readonly<Record<string, unknown>>;

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** Step Functions' own functions; it has more, and `$eval` it has not. */
const functions: Bindings = {
  parse: (text: string) => JSON.parse(text),
  uuid: () => randomUUID(),
  hash: (text: string, algorithm: string) =>
    createHash(algorithms[algorithm] ?? algorithm)
      .update(text)
      .digest('hex'),
};
const unknownFunction = /\$(?:eval|partition|random|range)\s*\(/;

const compiled = new Map<string, jsonata.Expression>();

/** The expression inside `{% … %}`; nothing for a text that means itself. */
const expressionOf = (text: string): string | undefined => /^\{%(.*)%\}$/s.exec(text)?.[1];

function compile(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  if (unknownFunction.test(source)) throw new Error(`the local runner does not know a function of ${source}`);
  const expression = jsonata(source);
  compiled.set(source, expression);
  return expression;
}

/** Compiles every expression of a definition or a part of it. Throws on one that does not parse or calls what is not here. */
export function checkExpressions(value: unknown): void {
  if (typeof value === 'string') {
    const source = expressionOf(value);
    if (source !== undefined) compile(source);
  } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(checkExpressions);
}

async function run(source: string, bindings: Bindings): Promise<unknown> {
  try {
    const value: unknown = await compile(source).evaluate(undefined, { ...functions, ...bindings });
    // Through JSON: JSONata's sequences carry more than their elements.
    const text = JSON.stringify(value);
    if (text !== undefined) return JSON.parse(text);
  } catch (error) {
    throw new StateFailure('States.QueryEvaluationError', `${source.trim()}: ${(error as Error).message}`);
  }
  throw new StateFailure('States.QueryEvaluationError', `${source.trim()} returned nothing (undefined)`);
}

/** A JSON value with its `{% … %}` texts worked out. Fails with `States.QueryEvaluationError`. */
export async function evaluate(template: unknown, bindings: Bindings): Promise<unknown> {
  if (typeof template === 'string') {
    const source = expressionOf(template);
    return source === undefined ? template : run(source, bindings);
  }
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return Promise.all(template.map((item) => evaluate(item, bindings)));
  const entries = Object.entries(template).map(async ([name, item]) => [name, await evaluate(item, bindings)]);
  return Object.fromEntries(await Promise.all(entries));
}
