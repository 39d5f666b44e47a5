import { excerpt } from '../visible.ts';
import { type Kind, maxEvidence } from './finding.ts';

/** Where calls and credentials go: not over HTTPS, or to an origin that no server of the org has. */
export const origin: Kind = {
  name: 'origin',
  find({ url, servers }) {
    const { protocol, origin: own } = new URL(url);
    const at = { where: 'server: url', evidence: excerpt(url, 0, maxEvidence) };
    const open = {
      ...at,
      severity: 'high',
      explanation: 'What is sent there can be read and changed on its way.',
    } as const;
    const fresh = { ...at, severity: 'info', explanation: 'No server of the org is at this origin yet.' } as const;
    const known = servers.some((server) => new URL(server.url).origin === own);
    return [...(protocol === 'https:' ? [] : [open]), ...(known ? [] : [fresh])];
  },
};
