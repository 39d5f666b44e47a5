import type { Mode } from './mode.ts';

/** `api_key`: one secret in a header of the server's choice, in a template such as `Token token={secret}`. */
export const apiKey: Mode = {
  needs: ['secret'],
  settings: ['header', 'template'],
  header: ({ header = 'x-api-key' }) => header.toLowerCase(),
  show: ({ secret }, { template = '{secret}' }) =>
    // A function, because a secret may hold `$&`.
    secret === undefined ? undefined : { value: template.replaceAll('{secret}', () => secret), secrets: [secret] },
};
