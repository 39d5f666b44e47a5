import { excerpt } from '../visible.ts';
import { type Kind, maxEvidence } from './finding.ts';

/** Characters that a reviewer still reads in one go: some 300 words. */
const readable = 2000;

/** Texts that are longer than anybody reads; over the cap of a description they are refused before (TD-05). */
export const longText: Kind = {
  name: 'long_text',
  find: ({ texts }) =>
    texts
      .filter(({ text }) => text.length > readable)
      .map(({ where, text }) => ({
        severity: 'low',
        where,
        evidence: excerpt(text, 0, maxEvidence),
        explanation: `It has ${text.length} characters, and what nobody reads to its end can hide anything.`,
      })),
};
