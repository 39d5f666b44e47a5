import { untagged } from '../visible.ts';

/** A text in the plain letters that a model takes it for, and the index in its source of each character. */
export interface Folded {
  readonly text: string;
  readonly from: readonly number[];
}

/** Letters and punctuation that look like ASCII and have no decomposition: Cyrillic, Greek, Armenian, IPA (after Unicode TR 39). */
const lookAlikes = {
  a: '\u0430\u03b1\u0251',
  b: '\u0432',
  c: '\u0441',
  d: '\u0501',
  e: '\u0435\u03b5',
  g: '\u0261',
  h: '\u04bb\u043d\u0570',
  i: '\u0456\u03b9\u0131',
  j: '\u0458',
  k: '\u043a\u03ba',
  m: '\u043c',
  n: '\u03b7\u0578',
  o: '\u043e\u03bf\u0585',
  p: '\u0440\u03c1',
  q: '\u051b',
  s: '\u0455',
  t: '\u0442\u03c4',
  u: '\u03c5\u057d',
  v: '\u03bd',
  w: '\u051d',
  x: '\u0445\u03c7',
  y: '\u0443\u03b3',
  '-': '\u2010\u2011\u2013\u2014\u2212',
  "'": '\u2018\u2019\u02bc',
  '"': '\u201c\u201d',
};
const plainOf = new Map(Object.entries(lookAlikes).flatMap(([plain, all]) => [...all].map((like) => [like, plain])));

/** Marks on letters, and what shows nothing; white space is kept. */
const dropped = /[[\p{M}\p{C}\p{DI}\u2800]--\s]/gv;

const foldOne = (char: string): string => {
  if (/[ -~]/.test(char)) return char.toLowerCase();
  const bare = untagged(char).normalize('NFKD').toLowerCase().replace(dropped, '');
  return Array.from(bare, (each) => plainOf.get(each) ?? each).join('');
};

/**
 * Folds a text so that words can be found however they are disguised: lower case, compatibility forms and look-alikes as
 * ASCII, hidden letters shown, marks and invisible characters gone, each run of white space one space.
 */
export function fold(text: string): Folded {
  const folded: string[] = [];
  const from: number[] = [];
  let at = 0;
  for (const char of text) {
    for (const unit of foldOne(char).replace(/\s/g, ' ').split('')) {
      if (unit === ' ' && folded.at(-1) === ' ') continue;
      folded.push(unit);
      from.push(at);
    }
    at += char.length;
  }
  return { text: folded.join(''), from };
}
