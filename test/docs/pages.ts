import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block that a page says can be run: ```` ```sh ```` after a line `<!-- run -->`. */
export interface Snippet {
  /** `docs/concepts.md:71` */
  readonly at: string;
  readonly code: string;
  /** Texts of `<!-- expect: … -->` lines, each of which the output must contain. */
  readonly expected: readonly string[];
}

/** Paths of README.md and every page under docs/. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .sort(),
];

const block = /^<!-- run -->\n((?:<!-- expect: .* -->\n)*)```sh\n([\s\S]*?)^```$/gm;

/** The runnable blocks of a page, in its order. */
export function snippetsOf(page: string): readonly Snippet[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(block)].map(({ index, 1: comments = '', 2: code = '' }) => ({
    at: `${page}:${text.slice(0, index).split('\n').length}`,
    code,
    expected: [...comments.matchAll(/<!-- expect: (.*) -->/g)].map(([, wanted]) => wanted!),
  }));
}

/** How often a page says that a block can be run; one that `snippetsOf` does not find is written wrongly. */
export const marksOf = (page: string): number => readFileSync(page, 'utf8').match(/<!-- run -->/g)?.length ?? 0;

/** Targets of the relative links of a page, as written. */
export const linksOf = (page: string): readonly string[] =>
  [
    ...readFileSync(page, 'utf8')
      .replace(/```[\s\S]*?```/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));

/** The anchors that the headings of a page make. */
export const anchorsOf = (page: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
