import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { type CallToolResult, ElicitResultSchema, EmptyResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { completions, greeting, noted, rich } from './whole.ts';

/**
 * Adds tools rich, steps (progress and a log line) and ask (which asks its client for a ping and a form, and tells what it
 * got), prompt greet, resource test://note, template test://notes/{id}, completion.
 */
export function addWhole(server: McpServer): void {
  server.server.registerCapabilities({ logging: {} });
  server.registerTool('rich', { description: 'All kinds' }, () => rich as CallToolResult);
  server.registerTool('steps', { description: 'Reports' }, async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [1, 2, 3])
      await sendNotification({
        method: 'notifications/progress',
        params: { progressToken: progressToken!, progress, total: 3 },
      });
    await sendNotification({ method: 'notifications/message', params: { level: 'info', data: 'stepped' } });
    return { content: [{ type: 'text', text: 'stepped' }] };
  });
  server.registerTool('ask', { description: 'Asks its client' }, async ({ sendRequest }) => {
    const form = { message: 'Who?', requestedSchema: { type: 'object' as const, properties: {} } };
    const pinged = await sendRequest({ method: 'ping' }, EmptyResultSchema).then(() => 'pong', String);
    const asked = await sendRequest({ method: 'elicitation/create', params: form }, ElicitResultSchema).then(
      ({ action }) => action,
      (error: { code: number }) => String(error.code),
    );
    return { content: [{ type: 'text', text: `${pinged} ${asked}` }] };
  });
  const name = completable(z.string(), (value) => completions(value));
  server.registerPrompt('greet', { description: 'Greets', argsSchema: { name } }, (args) => greeting(args.name));
  server.registerResource('note', 'test://note', { mimeType: 'text/plain' }, ({ href }) => noted(href));
  const template = new ResourceTemplate('test://notes/{id}', {
    list: undefined,
    complete: { id: (id) => completions(id) },
  });
  server.registerResource('notes', template, { description: 'Notes' }, ({ href }) => noted(href));
}
