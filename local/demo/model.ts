import { LLMock } from '@copilotkit/aimock';

/** What a request to the demo's model holds that it looks at. */
interface Request {
  readonly messages: readonly { readonly role: string; readonly content?: unknown; readonly tool_call_id?: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/** A model of the local runner: what to ask it by, the setting that leads to it, and what its provider is told. */
export interface LocalModel {
  readonly name: string;
  /** MODELS of the functions. */
  readonly setting: { readonly model: string; readonly base_url: string; readonly secret_id?: string };
  readonly apiKey?: string;
  close(): Promise<void> | void;
}

const help = 'I am a stand-in for a model. Say "echo" and a word, or "add" and two numbers, and I call your tools.';

/** The calls that a sentence asks for, of the tools that are offered. */
function callsFor(text: string, { tools = [] }: Request): { name: string; arguments: string }[] {
  const offered = (ending: string) => tools.find((tool) => tool.function.name.endsWith(ending))?.function.name;
  const [, word] = /\becho\s+(.+?)(?:\s+and\s+add\b|$)/i.exec(text) ?? [];
  const [, a, b] = /\badd\s+(-?\d+)\D+?(-?\d+)/i.exec(text) ?? [];
  const wanted = [
    { name: word && offered('echo'), given: { message: word } },
    { name: a && offered('get-sum'), given: { a: Number(a), b: Number(b) } },
  ];
  return wanted.flatMap(({ name, given }) => (name ? [{ name, arguments: JSON.stringify(given) }] : []));
}

/** What the stand-in says: calls for what the user asks, then what the tools answered. */
function answer(request: Request) {
  const asked = request.messages.findLastIndex(({ role }) => role === 'user');
  const results = request.messages.slice(asked + 1).filter(({ role }) => role === 'tool');
  if (results.length > 0) return { content: `Your tools say: ${results.map(({ content }) => content).join(' ')}` };
  const toolCalls = callsFor(String(request.messages[asked]?.content ?? ''), request);
  return toolCalls.length > 0 ? { toolCalls } : { content: help };
}

/** Starts the demo's model in this process: no key, no network, yet it speaks OpenAI's API and really calls tools. */
export async function startDemoModel(): Promise<LocalModel> {
  const mock = new LLMock({ host: '127.0.0.1', port: 0 });
  mock.on({}, (request) => answer(request as Request));
  await mock.start();
  return { name: 'demo', setting: { model: 'demo', base_url: `${mock.url}/v1` }, close: () => mock.stop() };
}

/** The provider that OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL name; undefined where neither of the first two is set. */
export function providedModel(env: Readonly<Record<string, string | undefined>>): LocalModel | undefined {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: name = 'gpt-4o-mini' } = env;
  if (!apiKey && !baseUrl) return undefined;
  const secret = apiKey ? { secret_id: 'xct/local/model' } : {};
  return {
    name,
    setting: { model: '*', base_url: baseUrl ?? 'https://api.openai.com/v1', ...secret },
    ...(apiKey ? { apiKey } : {}),
    close: () => {},
  };
}
