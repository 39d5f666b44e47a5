import {
  type CallToolResult,
  completable,
  inputRequired,
  type McpServer,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { completions, greeting, noted, rich } from './whole.ts';

/** The state that tool `ask` wants back; it holds what a careless relay would change. */
export const askedState = 'state "1" \\u00e9 ü 12345678901234567890';

/**
 * Adds tools rich, steps (progress) and ask (which asks its caller for a form over two requests), prompt greet, resource
 * test://note, template test://notes/{id}, completion.
 */
export function addWhole(server: McpServer): void {
  server.registerTool('rich', { description: 'All kinds' }, () => rich as CallToolResult);
  server.registerTool('steps', { description: 'Reports' }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [1, 2, 3])
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken: progressToken!, progress, total: 3 },
      });
    return { content: [{ type: 'text', text: 'stepped' }] };
  });
  server.registerTool('ask', { description: 'Asks its caller' }, ({ mcpReq }) => {
    const given = mcpReq.inputResponses?.['who'] as { content?: { name?: string } } | undefined;
    if (given) return { content: [{ type: 'text', text: `${given.content?.name} ${mcpReq.requestState()}` }] };
    const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
    return inputRequired({
      inputRequests: { who: inputRequired.elicit({ message: 'Who?', requestedSchema }) },
      requestState: askedState,
    });
  });
  const name = completable(z.string(), (value) => completions(String(value)));
  server.registerPrompt('greet', { description: 'Greets', argsSchema: z.object({ name }) }, (args) =>
    greeting(args.name),
  );
  server.registerResource('note', 'test://note', { mimeType: 'text/plain' }, ({ href }) => noted(href));
  const template = new ResourceTemplate('test://notes/{id}', {
    list: undefined,
    complete: { id: (id) => completions(id) },
  });
  server.registerResource('notes', template, { description: 'Notes' }, ({ href }) => noted(href));
}
