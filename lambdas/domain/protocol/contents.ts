import { isObject } from './jsonrpc.ts';

type Json = Readonly<Record<string, unknown>>;
type Expose = (uri: string) => string;

const withUri = (of: unknown, expose: Expose): unknown =>
  isObject(of) && typeof of['uri'] === 'string' ? { ...of, uri: expose(of['uri']) } : of;

/** A ContentBlock: links and embedded resources name a URI, every other kind stays the object it is. */
function block(value: unknown, expose: Expose): unknown {
  if (!isObject(value)) return value;
  if (value['type'] === 'resource_link') return withUri(value, expose);
  if (value['type'] === 'resource') return { ...value, resource: withUri(value['resource'], expose) };
  return value;
}

/** Where the result of each method has a list whose items name resources. */
const places: Readonly<Record<string, readonly [field: string, change: (item: unknown, expose: Expose) => unknown]>> = {
  'tools/call': ['content', block],
  'prompts/get': [
    'messages',
    (message, expose) => (isObject(message) ? { ...message, content: block(message['content'], expose) } : message),
  ],
  'resources/read': ['contents', withUri],
};

/** The result of a method with every resource URI in it exposed; nothing else of it is touched. */
export function exposeUris(method: string, result: Json, expose: Expose): Json {
  const [field, change] = places[method] ?? [];
  const items = field === undefined ? undefined : result[field];
  if (field === undefined || change === undefined || !Array.isArray(items)) return result;
  return { ...result, [field]: items.map((item) => change(item, expose)) };
}
