const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

/** The result of tool `rich`: every kind of content there is, and structured content. */
export const rich = {
  content: [
    { type: 'text', text: 'all kinds', annotations: { audience: ['user'], priority: 0.5 } },
    { type: 'image', data: png, mimeType: 'image/png' },
    { type: 'audio', data: 'UklGRiYAAABXQVZF', mimeType: 'audio/wav' },
    { type: 'resource', resource: { uri: 'test://inside', mimeType: 'text/plain', text: 'embedded' } },
    { type: 'resource_link', uri: 'test://notes/7', name: 'seventh' },
  ],
  structuredContent: { items: [{ id: 1, tags: ['a'] }], total: 1 },
  _meta: { 'example.org/trace': 'kept' },
};

/** What prompt `greet` becomes for a name. */
export const greeting = (name: string) => ({
  messages: [{ role: 'user' as const, content: { type: 'text' as const, text: `Greet ${name}.` } }],
});

/** The names that complete argument `name` of prompt `greet`, and `id` of the template. */
export const completions = (value: string): string[] =>
  ['ada', 'alan', 'grace'].filter((name) => name.startsWith(value));

/** The contents of `test://note` and of `test://notes/{id}`. */
export const noted = (uri: string) => ({ contents: [{ uri, mimeType: 'text/plain', text: `note at ${uri}` }] });
