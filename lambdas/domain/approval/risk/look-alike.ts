import { cut } from '../visible.ts';
import { type Finding, type Kind, maxEvidence } from './finding.ts';

/** Names shorter than this are all near each other. */
const shortest = 5;

const seenAs: Readonly<Record<string, string>> = { rn: 'm', vv: 'w', 0: 'o', 1: 'l', 5: 's', '-': '' };

/** What a hurried eye makes of a name of ASCII. */
const skeleton = (name: string): string => name.replace(/rn|vv|[015-]/g, (part) => seenAs[part]!);

/** Whether one letter more, less or other, or two swapped, make `b` of `a`. */
function isOneSlip(a: string, b: string): boolean {
  const least = Math.min(a.length, b.length);
  let start = 0;
  while (start < least && a[start] === b[start]) start++;
  let end = 0;
  while (end < least - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return (x.length < 2 && y.length < 2) || (x.length === 2 && x === y.split('').reverse().join(''));
}

type Doubt = Pick<Finding, 'severity' | 'explanation'>;

/** What is doubtful in a name beside another one; numbered ones (`crm-1`, `crm-2`) are meant to be near. */
function doubt(name: string, other: string): Doubt | undefined {
  if (name === other) return undefined;
  if (skeleton(name) === skeleton(other))
    return { severity: 'high', explanation: `It can hardly be told from ${other}, a server of the org.` };
  const numbered = name.replace(/\d/g, '#') === other.replace(/\d/g, '#');
  if (numbered || Math.min(name.length, other.length) < shortest || !isOneSlip(name, other)) return undefined;
  return { severity: 'medium', explanation: `It is one slip of the pen from ${other}, a server of the org.` };
}

const hostDoubt = (host: string, other: string): Doubt | undefined =>
  doubt(host, other) ??
  (host !== other && host.includes(other) && !host.endsWith(`.${other}`)
    ? { severity: 'high', explanation: `It holds the host ${other} of a server of the org, and is another.` }
    : undefined);

/** An alias or a host that is taken for one the org knows; a host in Punycode (RFC 3492) may look like any other. */
export const lookAlike: Kind = {
  name: 'look_alike',
  find({ alias, url, others }) {
    const host = new URL(url).hostname;
    const hosts = [...new Set(others.map((other) => new URL(other.url).hostname))].sort();
    const about = (where: string, evidence: string) => (found: Doubt | undefined) =>
      found === undefined ? [] : [{ where, evidence: cut(evidence, maxEvidence), ...found }];
    const punycode: Doubt = {
      severity: 'high',
      explanation: 'Its letters are not ASCII and can look like other ones.',
    };
    return [
      ...others.map((other) => doubt(alias, other.alias)).flatMap(about('server: alias', alias)),
      ...hosts.map((other) => hostDoubt(host, other)).flatMap(about('server: url', host)),
      ...[/(^|\.)xn--/.test(host) ? punycode : undefined].flatMap(about('server: url', host)),
    ];
  },
};
