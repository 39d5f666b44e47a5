import { renderJson } from '../protocol/json.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { restResult } from '../protocol/results.ts';
import { messageOf, type Refusal } from '../refusal.ts';
import { cutText } from './cut.ts';
import { withoutTokens } from './scrub.ts';

type Json = Readonly<Record<string, unknown>>;

/** 256 KB: what a model is given of one result, some 60,000 tokens. */
const maxResultBytes = 256 * 1024;

/** One ContentBlock (MCP) as text; models take no other in a tool message. */
function blockText(block: unknown): string {
  if (!isObject(block)) return '';
  const { type, text, mimeType, resource } = block;
  if (type === 'text' && typeof text === 'string') return text;
  if (type === 'resource' && isObject(resource) && typeof resource['text'] === 'string') return resource['text'];
  if (type === 'resource_link') return renderJson(block);
  const kind = isObject(resource) ? resource['mimeType'] : mimeType;
  return `[${String(type)}${typeof kind === 'string' ? ` ${kind}` : ''}: not text, left out by the gateway]`;
}

function resultText(result: Json): string {
  const { content, structuredContent, isError } = restResult(result);
  const blocks = Array.isArray(content) ? content.map(blockText) : [];
  const text =
    blocks.length === 0 && structuredContent !== undefined ? renderJson(structuredContent) : blocks.join('\n');
  return isError === true ? `Error: ${text}` : text;
}

const forModel = (text: string): string => cutText(withoutTokens(text), maxResultBytes);

/** A CallToolResult as the text of a tool message: without tokens (CL-16), at most 256 KB (CL-04). */
export const toolText = (result: Json): string => forModel(resultText(result));

/** Why a call gave no result, as the text of a tool message. */
export const refusalText = (refusal: Refusal): string => forModel(`Error: ${messageOf(refusal)}`);

/** The one tool message that answers a call. What is in it is a string, whatever it looks like (CL-17). */
export const toolMessage = (id: string, content: string): Json => ({ role: 'tool', tool_call_id: id, content });
