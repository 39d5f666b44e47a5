import { z } from 'zod';
import { checkExpressions } from './expression.ts';

const named = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata') };
/** What a state hands on; `Assign` keeps variables for later states. */
const handsOn = { Output: z.unknown().optional(), Assign: z.record(z.string(), z.unknown()).optional() };
const goesOn = { Next: z.string().optional(), End: z.literal(true).optional() };
const Seconds = z.union([z.number(), z.string()]).optional();
const ErrorEquals = z.array(z.string());

const Retrier = z.strictObject({
  ErrorEquals,
  Comment: z.string().optional(),
  IntervalSeconds: z.number().default(1),
  BackoffRate: z.number().default(2),
  MaxAttempts: z.number().default(3),
  MaxDelaySeconds: z.number().default(Infinity),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
const Catcher = z.strictObject({ ErrorEquals, Comment: z.string().optional(), Next: z.string(), ...handsOn });
const Rule = z.strictObject({ Condition: z.unknown(), Comment: z.string().optional(), Next: z.string(), ...handsOn });

const Task = z.strictObject({
  Type: z.literal('Task'),
  ...named,
  ...goesOn,
  ...handsOn,
  Resource: z.string(),
  Arguments: z.unknown().optional(),
  TimeoutSeconds: Seconds,
  HeartbeatSeconds: Seconds,
  Retry: z.array(Retrier).default([]),
  Catch: z.array(Catcher).default([]),
});
const State = z.discriminatedUnion('Type', [
  Task,
  z.strictObject({ Type: z.literal('Pass'), ...named, ...goesOn, ...handsOn }),
  z.strictObject({
    Type: z.literal('Choice'),
    ...named,
    ...handsOn,
    Choices: z.array(Rule),
    Default: z.string().optional(),
  }),
  z.strictObject({
    Type: z.literal('Wait'),
    ...named,
    ...goesOn,
    ...handsOn,
    Seconds,
    Timestamp: z.string().optional(),
  }),
  z.strictObject({ Type: z.literal('Succeed'), ...named, ...handsOn }),
  z.strictObject({
    Type: z.literal('Fail'),
    ...named,
    Error: z.string().optional(),
    Cause: z.string().optional(),
  }),
]);

const Definition = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  StartAt: z.string(),
  States: z.record(z.string(), State),
  TimeoutSeconds: z.number().optional(),
});

/** A task state. */
export type Task = z.infer<typeof Task>;
/** A state of a kind the local runner knows. */
export type State = z.infer<typeof State>;
/** A state machine in the Amazon States Language, JSONata throughout. */
export type Definition = z.infer<typeof Definition>;

const waits = '.waitForTaskToken';

/** True for a task that is over when somebody sends its token back. */
export const waitsForToken = ({ Resource }: Task): boolean => Resource.endsWith(waits);

/** What a task does, such as `lambda:invoke`. */
export const actionOf = ({ Resource }: Task): string => Resource.replace('arn:aws:states:::', '').replace(waits, '');

/** Names of the states that a state may go to. */
function targetsOf(state: State): readonly (string | undefined)[] {
  if (state.Type === 'Choice') return [...state.Choices.map(({ Next }) => Next), state.Default];
  if (state.Type === 'Task') return [...state.Catch.map(({ Next }) => Next), state.Next];
  return 'Next' in state ? [state.Next] : [];
}

function checkTargets({ StartAt, States }: Definition): void {
  for (const target of [StartAt, ...Object.values(States).flatMap(targetsOf)])
    if (target !== undefined && !Object.hasOwn(States, target)) throw new Error(`there is no state ${target}`);
}

const Raw = z.looseObject({ QueryLanguage: z.unknown(), States: z.record(z.string(), z.looseObject({})) });

const parsed = new Map<string, Definition>();

/** Reads a definition. Throws on any kind of state, field or function that the local runner does not know; what is wrong otherwise is asl-validator's to say. */
export function parseDefinition(text: string): Definition {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const { States, ...raw } = Raw.parse(JSON.parse(text));
  const inLanguage = Object.entries(States).map(([name, state]) => [
    name,
    { QueryLanguage: raw.QueryLanguage, ...state },
  ]);
  const { data, error } = Definition.safeParse({ ...raw, States: Object.fromEntries(inLanguage) });
  if (error) throw new Error(z.prettifyError(error));
  checkTargets(data);
  checkExpressions(data);
  parsed.set(text, data);
  return data;
}
