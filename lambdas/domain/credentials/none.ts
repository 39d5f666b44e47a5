import type { Mode } from './mode.ts';

/** `none`: sends nothing. */
export const none: Mode = { needs: [], settings: [], header: () => undefined, show: () => undefined };
