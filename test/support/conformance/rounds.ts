import {
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  type Prompt,
} from '@modelcontextprotocol/server';

const ask = (message: string, name: string, type: 'string' | 'boolean') => {
  const property = type === 'string' ? ({ type: 'string' } as const) : ({ type: 'boolean' } as const);
  return inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [name]: property }, required: [name] },
  });
};
const sample = (question: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  });
const userName = { user_name: ask('What is your name?', 'name', 'string') };
const confirm = { confirm: ask('Please confirm', 'ok', 'boolean') };

/** What is asked for in one round after the other before the answer; with a state where the suite wants one. */
interface Flow {
  readonly rounds: readonly InputRequests[];
  readonly state?: true;
  /** Asks only for what the client has declared. */
  readonly declared?: true;
}

/** The tools, and the one prompt, that ask before they answer (MCP 2026-07-28, multi round-trip requests). */
const flows: Readonly<Record<string, Flow>> = {
  test_input_required_result_elicitation: { rounds: [userName] },
  test_streaming_elicitation: { rounds: [userName] },
  test_input_required_result_sampling: {
    rounds: [{ capital_question: sample('What is the capital of France?', 100) }],
  },
  test_input_required_result_list_roots: { rounds: [{ client_roots: inputRequired.listRoots() }] },
  test_input_required_result_request_state: { rounds: [confirm], state: true },
  test_input_required_result_tampered_state: { rounds: [confirm], state: true },
  test_input_required_result_multiple_inputs: {
    rounds: [{ ...userName, greeting: sample('Generate a greeting', 50), client_roots: inputRequired.listRoots() }],
    state: true,
  },
  test_input_required_result_multi_round: {
    rounds: [
      { step1: ask('Step 1: What is your name?', 'name', 'string') },
      { step2: ask('Step 2: What is your favorite color?', 'color', 'string') },
    ],
    state: true,
  },
  test_input_required_result_capabilities: {
    rounds: [{ ...userName, opinion: sample('What do you think?', 10) }],
    declared: true,
  },
  test_input_required_result_prompt: {
    rounds: [{ user_context: ask('What context should the prompt use?', 'context', 'string') }],
  },
};

/** The prompt among them. */
export const askingPrompt: Prompt = {
  name: 'test_input_required_result_prompt',
  description: 'Asks for a context before it expands',
};

/** The tools among them. */
export const askingTools: readonly string[] = Object.keys(flows).filter((name) => name !== askingPrompt.name);

/** The state between two rounds, signed: a tampered one is refused by the SDK with -32602. */
export const codec = createRequestStateCodec<{ readonly round: number }>({ key: 'a key of this fixture and no other' });

/** What a request carries of its flow. */
export interface Carried {
  readonly responses: Readonly<Record<string, unknown>>;
  readonly round: number;
  readonly capabilities: ClientCapabilities;
}

const capabilityOf: Readonly<Record<string, 'elicitation' | 'sampling' | 'roots'>> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
};

/** Asks for what is missing, or answers what was said, as text; undefined for a name that asks nothing. */
export async function proceed(name: string, carried: Carried): Promise<InputRequiredResult | string | undefined> {
  const flow = flows[name];
  if (!flow) return undefined;
  const asked = flow.rounds[carried.round] ?? {};
  const done = Object.keys(asked).every((key) => carried.responses[key] !== undefined);
  const round = carried.round + (done ? 1 : 0);
  const next = flow.rounds[round];
  if (!next) return `state-ok: ${JSON.stringify(carried.responses)}`;
  const inputRequests = Object.fromEntries(
    Object.entries(next).filter(
      ([, { method }]) => !flow.declared || carried.capabilities[capabilityOf[method]!] !== undefined,
    ),
  );
  return inputRequired({ inputRequests, ...(flow.state ? { requestState: await codec.mint({ round }) } : {}) });
}
