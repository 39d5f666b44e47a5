import { send } from './http.ts';
import { eventOf } from './in-process.ts';
import { mcpRequest } from './messages.ts';
import { said } from './model.ts';
import { type Batch, interleave, type Plan, type Subject } from './rounds.ts';
import type { Bench } from './setup.ts';
import { median, paired, quantile } from './statistics.ts';
import type { Table } from './table.ts';

/** A chat that a model of this name makes with the tools of a server; a first answer, tools, and a second one are two rounds. */
interface Kind {
  readonly name: string;
  readonly model: 'one' | 'five' | 'text';
  readonly server?: 'echo' | 'slow';
  readonly calls: number;
  readonly rounds: number;
}

const kinds: readonly Kind[] = [
  { name: 'one tool call', model: 'one', server: 'echo', calls: 1, rounds: 2 },
  { name: 'first token', model: 'text', server: 'echo', calls: 0, rounds: 1 },
  { name: 'five calls of 100 ms', model: 'five', server: 'slow', calls: 5, rounds: 2 },
];

const user = { role: 'user', content: 'hi' };

const check = (text: string): void => {
  if (!text.includes(`"content":"${said}"`)) throw new Error(`not the last word: ${text.slice(0, 300)}`);
};

/** A loop of the client's own: the model asked, its calls made at once by `call`, the model asked again. */
function ownLoop(
  name: string,
  { backend }: Bench,
  { model, calls, rounds }: Kind,
  call: () => Promise<unknown>,
): Subject {
  const stream = model === 'text';
  const ask = (messages: readonly object[]) =>
    send(`${backend}/v1/chat/completions`, { body: JSON.stringify({ model, messages, stream }) });
  return {
    name,
    async call() {
      let answer = await ask([user]);
      await Promise.all(Array.from({ length: calls }, call));
      if (rounds === 2) answer = await ask([user, { role: 'tool', content: said }]);
      check(answer.text);
    },
  };
}

/** Without the gateway. */
function directSubject(bench: Bench, kind: Kind): Subject {
  const tool = mcpRequest('tools/call', { name: 'echo', arguments: { message: said } });
  return ownLoop(`direct, ${kind.name}`, bench, kind, () => send(`${bench.backend}/${kind.server}/mcp`, tool));
}

/** With the gateway's REST door for the calls: the same checks, counters and ledger rows as the chat door's. */
async function restSubject(bench: Bench, kind: Kind): Promise<Subject> {
  const body = JSON.stringify({ name: `${kind.server}.echo`, arguments: { message: said } });
  const asked = { method: 'POST', path: '/mcp-rest/tools/call', body } as const;
  const event = eventOf(asked, await bench.handlers.authorize(bench.world.small));
  return ownLoop(`own loop over REST, ${kind.name}`, bench, kind, () => bench.handlers.rest(event));
}

/** Through the chat handler in this process. A stream is measured up to the first word of the model's. */
async function chatSubject({ handlers, world }: Bench, { name, model, server }: Kind): Promise<Subject> {
  const stream = model === 'text';
  const tools = [{ type: 'mcp', server_label: server }];
  const body = JSON.stringify({ model, messages: [user], stream, tools });
  const caller = await handlers.authorize(world.small);
  const event = eventOf({ method: 'POST', path: '/v1/chat/completions', body }, caller);
  return {
    name: `chat, ${name}`,
    async call() {
      if (!stream) return check((await handlers.chat(event)).text);
      const first = Promise.withResolvers<void>();
      const whole = handlers.chat(event, (piece) => {
        if (piece.includes(`"content":"${said}"`)) first.resolve();
      });
      // An answer without the word must not be waited for.
      return Promise.race([first.promise, whole.then(({ text }) => check(text))]);
    },
  };
}

const all = (batches: readonly Batch[]): number[] => batches.flatMap(({ milliseconds }) => [...milliseconds]);

/**
 * What the chat door adds to a model and its tools: before the first word, to calls made at once, and, beside a loop of
 * the client's own over the REST door, to a round.
 */
export async function chatTable(bench: Bench, random: Plan['random']): Promise<Table> {
  const rows: (readonly (string | number)[])[] = [];
  for (const kind of kinds) {
    const direct = directSubject(bench, kind);
    const rest = kind.calls === 0 ? direct : await restSubject(bench, kind);
    const chat = await chatSubject(bench, kind);
    const isSlow = kind.server === 'slow';
    const batches = await interleave([...new Set([direct, rest, chat])], {
      rounds: isSlow ? 10 : 60,
      callsPerBatch: isSlow ? 3 : 20,
      concurrency: 1,
      warmUpRounds: isSlow ? 2 : 15,
      limitSeconds: 30,
      random,
    });
    const addedTo = (own: readonly Batch[], floor: Subject) =>
      paired(own, batches.get(floor.name)!, (our, their) => median(our.milliseconds) - median(their.milliseconds));
    for (const [name, own] of batches) {
      const errors = own.reduce((sum, batch) => sum + batch.errors, 0);
      const times = all(own);
      rows.push([
        name,
        median(times),
        addedTo(own, direct),
        // Only the chat door has rounds of its own.
        name.startsWith('chat') ? addedTo(own, rest) / kind.rounds : Number.NaN,
        quantile(times, 0.99),
        String(errors),
        String(times.length),
      ]);
    }
  }
  return {
    title: 'Chat, one at a time (ms)',
    columns: ['chat', 'p50', 'p50 added', 'added a round', 'p99', 'errors', 'chats'],
    rows,
  };
}
