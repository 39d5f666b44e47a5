/** What a model of the bench is asked with. */
interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string }[];
}

/** The last word of every chat. */
export const said = 'done';

const call = (id: string, name: string, message: string) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify({ message }) },
});

/** The calls that a model makes before it has results, by its name: `one` of a quick tool, `five` of tools that take 100 ms. */
const callsOf: Readonly<Record<string, readonly object[]>> = {
  one: [call('c0', 'echo__echo', said)],
  five: [0, 1, 2, 3, 4].map((n) => call(`c${n}`, 'slow__echo', `${said} ${n}`)),
};

/** A model that does as little as one can: the content type and the body of its answer to a request. */
export function modelAnswer(text: string): { readonly type: string; readonly body: string } {
  const { model, stream, messages } = JSON.parse(text) as Asked;
  const calls = messages.at(-1)?.role === 'tool' ? undefined : callsOf[model];
  const message = { role: 'assistant', ...(calls ? { content: null, tool_calls: calls } : { content: said }) };
  const finish_reason = calls ? 'tool_calls' : 'stop';
  const head = { id: 'chatcmpl-bench', created: 0, model };
  if (!stream) {
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const choices = [{ index: 0, message, finish_reason }];
    return {
      type: 'application/json',
      body: JSON.stringify({ ...head, object: 'chat.completion', choices, usage }),
    };
  }
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  return { type: 'text/event-stream', body: `${chunk(message, null)}${chunk({}, finish_reason)}data: [DONE]\n\n` };
}
