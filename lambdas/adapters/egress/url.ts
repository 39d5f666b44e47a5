import { isIP } from 'node:net';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { isPublic } from './addresses.ts';
import { type EgressSettings, readSettings } from './settings.ts';

const maxLength = 2048;
/** Below this only 443 is HTTPS; the rest of the well-known ports belongs to other protocols (SSH, SMTP, …). */
const firstFreePort = 1024;
/** Services that answer to text and are reached by mistake or by design: databases, brokers, Docker, the Lambda runtime API. */
const neverPorts = new Set([2375, 2376, 2379, 3306, 5432, 5672, 6379, 6443, 9001, 9200, 10250, 11211, 27017]);
/** Names that never resolve on the public internet (RFC 6761, RFC 8375, RFC 9476 and the ones networks use at home). */
const privateName =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|onion|alt|test|invalid|example)$/;
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));
const mayUse = (port: number): boolean => port >= firstFreePort && !neverPorts.has(port);

/** The rule a URL breaks, in words, or undefined. */
function fault(raw: string, url: URL, settings: EgressSettings): string | undefined {
  if (raw.length > maxLength) return `at most ${maxLength} characters are allowed`;
  // The WHATWG parser drops tabs and line breaks and turns a backslash into a slash: what was checked would not be what was written.
  if (!/^[\x21-\x7e]+$/.test(raw) || raw.includes('\\')) return 'only visible ASCII without a backslash is allowed';
  // An empty user name or fragment, or a missing slash, leaves no trace in the parsed URL.
  if (raw.includes('#')) return 'a fragment is not allowed';
  if (!/^[a-z]+:\/\/[^/?@]+(?:[/?]|$)/i.test(raw)) return 'the host must follow "//", without user name and password';
  const port = portOf(url);
  if (url.protocol === 'http:' && settings.loopback && loopbackNames.includes(url.hostname))
    return mayUse(port) && !settings.ownPorts.includes(String(port)) ? undefined : 'this port is not an upstream';
  if (url.protocol !== 'https:') return 'only https is allowed';
  if (port !== 443 && !(settings.ports.includes(port) && mayUse(port))) return 'the port is not allowed';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (settings.ownHosts.includes(url.hostname)) return 'the host is this gateway';
  if (isIP(host)) return isPublic(host) ? undefined : 'the address is not public';
  return host.endsWith('.') || !host.includes('.') || privateName.test(host)
    ? 'the host name is not public'
    : undefined;
}

/** Checks a URL by the egress rules without dialling it: invalid_request with the rule it breaks. */
export function checkUrl(raw: string, settings: EgressSettings = readSettings()): Result<URL, Refusal> {
  const url = URL.parse(raw);
  const why = url ? fault(raw, url, settings) : 'it is not a URL';
  return url && why === undefined ? ok(url) : invalid(`The URL cannot be used: ${why}.`, 'url');
}
