import type { Demo } from './seed.ts';

/** Lines to copy and paste; each works as it stands, but for a client that has to be installed. */
export const thingsToTry = ({ url, member_key, admin_key }: Demo, model: string): string => `
List your tools (REST):
  curl -s ${url}/mcp-rest/tools/list -H "Authorization: Bearer ${member_key}"

Call one:
  curl -s ${url}/mcp-rest/tools/call -H "Authorization: Bearer ${member_key}" -H "Content-Type: application/json" -d '{"name":"everything.echo","arguments":{"message":"hello"}}'

Chat: the model calls your tools (${model === 'demo' ? 'a stand-in; set OPENAI_API_KEY or OPENAI_BASE_URL for a real one' : model}):
  curl -s ${url}/v1/chat/completions -H "Authorization: Bearer ${member_key}" -H "Content-Type: application/json" -d '{"model":"${model}","messages":[{"role":"user","content":"Echo hello and add 20 and 22"}],"tools":[{"type":"mcp","server_label":"everything"}]}'

Why may this key do that?
  curl -s "${url}/v1/mcp/access/explain?tool=everything.echo" -H "Authorization: Bearer ${member_key}"

Claude Code:
  claude mcp add --transport http everything ${url}/everything/mcp/v1 --header "Authorization: Bearer ${member_key}"

MCP Inspector:
  npx mcp-inspector --cli ${url}/everything/mcp/v1 --transport http --header "Authorization: Bearer ${member_key}" --method tools/list

Administer (operator key):
  curl -s ${url}/v1/mcp/server -H "Authorization: Bearer ${admin_key}"

The contract: ${url}/docs
`;
