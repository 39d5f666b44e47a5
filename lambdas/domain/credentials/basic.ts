import { utf8ToBase64 } from '../protocol/base64.ts';
import type { Mode } from './mode.ts';

/** `basic`: `Authorization: Basic` with the base64 of `username:password` in UTF-8 (RFC 7617 §2). */
export const basic: Mode = {
  needs: ['username', 'password'],
  settings: [],
  header: () => 'authorization',
  show({ username, password }) {
    if (username === undefined || password === undefined) return undefined;
    const encoded = utf8ToBase64(`${username}:${password}`);
    return { value: `Basic ${encoded}`, secrets: [password, encoded] };
  },
};
