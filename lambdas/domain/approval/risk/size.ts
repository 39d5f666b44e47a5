import { canonical } from '../../canonical.ts';
import type { Snapshot } from '../../definition.ts';
import type { Kind, Severity } from './finding.ts';

/** Tokens from which a server takes a part of a usual window of 200,000 that people notice, and one that hurts. */
const noticed = 5000;
const hurts = 20_000;

/**
 * Tokens of a text, estimated: four characters of ASCII are one, any other character is one. Real tokenizers differ by a
 * third either way; the estimate needs none and is the same tomorrow.
 */
const tokensOf = (text: string): number => {
  const ascii = text.replace(/[^\p{ASCII}]/gu, '').length;
  return Math.ceil(ascii / 4) + Array.from(text).length - ascii;
};

/** What a model is given of a server: instructions, and of each tool its name, description and input schema. */
const tokensOfSnapshot = ({ tools, instructions = '' }: Snapshot): number =>
  [instructions, ...tools.map(({ name, description, inputSchema }) => canonical({ name, description, inputSchema }))]
    .map(tokensOf)
    .reduce((sum, tokens) => sum + tokens, 0);

const severityOf = (tokens: number): Severity => (tokens >= hurts ? 'medium' : tokens >= noticed ? 'low' : 'info');

/** How much of every model request the server takes. */
export const size: Kind = {
  name: 'size',
  find({ snapshot }) {
    const tokens = tokensOfSnapshot(snapshot);
    if (tokens === 0) return [];
    return [
      {
        severity: severityOf(tokens),
        where: 'server: tools',
        evidence: `about ${tokens} tokens`,
        explanation: 'A client that shows a model all of its tools spends this much on every request.',
      },
    ];
  },
};
