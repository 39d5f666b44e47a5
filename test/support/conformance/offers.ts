import type { CallToolResult, GetPromptResult, Prompt, Resource, Tool } from '@modelcontextprotocol/server';

/** A 1×1 red PNG and two samples of silence as WAV, base64. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQIAAACAgA==';

const text = (value: string) => ({ type: 'text' as const, text: value });
const image = { type: 'image' as const, data: png, mimeType: 'image/png' };
const embedded = (uri: string, mimeType: string, value: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: value },
});

/** A tool result of one text. */
export const said = (value: string): CallToolResult => ({ content: [text(value)] });

/** The definition of a tool of the suite; without arguments unless told. */
export const tool = (name: string, inputSchema: Tool['inputSchema'] = { type: 'object' }): Tool => ({
  name,
  description: `Implements ${name} as the conformance suite asks for it`,
  inputSchema,
});

/** What each tool that only answers answers, by the texts of the suite's scenarios. */
export const answers: Readonly<Record<string, CallToolResult>> = {
  test_simple_text: said('This is a simple text response for testing.'),
  test_image_content: { content: [image] },
  test_audio_content: { content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] },
  test_embedded_resource: {
    content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  },
  test_multiple_content_types: {
    content: [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  },
  test_error_handling: { ...said('This tool intentionally returns an error for testing'), isError: true },
};

/** The tools of both fixtures: the ones that only answer, one that reports progress, one that logs. */
export const sharedTools: readonly Tool[] = [
  ...Object.keys(answers),
  'test_tool_with_progress',
  'test_logging_tool',
].map((name) => tool(name));

/** The progress that test_tool_with_progress reports, of 100. */
export const steps: readonly number[] = [0, 50, 100];

/** What the suite's tools wait between two notifications. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

const argument = (name: string) => ({ name, description: `Argument ${name}`, required: true });
const prompt = (name: string, ...names: string[]): Prompt => ({
  name,
  description: `Implements ${name} as the conformance suite asks for it`,
  ...(names.length === 0 ? {} : { arguments: names.map(argument) }),
});

/** The prompts of both fixtures. */
export const sharedPrompts: readonly Prompt[] = [
  prompt('test_simple_prompt'),
  prompt('test_prompt_with_arguments', 'arg1', 'arg2'),
  prompt('test_prompt_with_embedded_resource', 'resourceUri'),
  prompt('test_prompt_with_image'),
];

/** A prompt's result: what the user says; a string is a text. */
export const spoken = (...contents: (string | GetPromptResult['messages'][number]['content'])[]): GetPromptResult => ({
  messages: contents.map((content) => ({
    role: 'user',
    content: typeof content === 'string' ? text(content) : content,
  })),
});

/** What a prompt of both fixtures expands to; undefined for any other name. */
export function expandPrompt(name: string, args: Readonly<Record<string, string>> = {}): GetPromptResult | undefined {
  switch (name) {
    case 'test_simple_prompt':
      return spoken('This is a simple prompt for testing.');
    case 'test_prompt_with_arguments':
      return spoken(`Prompt with arguments: arg1='${args['arg1']}', arg2='${args['arg2']}'`);
    case 'test_prompt_with_embedded_resource':
      return spoken(
        embedded(args['resourceUri'] ?? '', 'text/plain', 'Embedded resource content for testing.'),
        'Please process the embedded resource above.',
      );
    case 'test_prompt_with_image':
      return spoken(image, 'Please analyze the image above.');
    default:
      return undefined;
  }
}

const resource = (name: string, mimeType: string): Resource => ({
  uri: `test://${name}`,
  name,
  description: `The resource ${name} of the conformance suite`,
  mimeType,
});

/** The resources of both fixtures. */
export const resources: readonly Resource[] = [
  resource('static-text', 'text/plain'),
  resource('static-binary', 'image/png'),
  resource('watched-resource', 'text/plain'),
];

/** Their one resource template. */
export const resourceTemplates = [
  {
    uriTemplate: 'test://template/{id}/data',
    name: 'template',
    description: 'Data of an id',
    mimeType: 'application/json',
  },
];

/** The one content of a resource; undefined where there is none. */
export function readResource(uri: string) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id !== undefined)
    return {
      uri,
      mimeType: 'application/json',
      text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
    };
  const listed = resources.find((one) => one.uri === uri);
  if (!listed) return undefined;
  const mimeType = String(listed.mimeType);
  return mimeType === 'image/png'
    ? { uri, mimeType, blob: png }
    : { uri, mimeType, text: `This is the content of the ${listed.name} resource.` };
}

/** Completes any argument. */
export function complete(value: string): {
  readonly completion: { values: string[]; total: number; hasMore: boolean };
} {
  const values = ['paris', 'park', 'party'].filter((word) => word.startsWith(value));
  return { completion: { values, total: values.length, hasMore: false } };
}
