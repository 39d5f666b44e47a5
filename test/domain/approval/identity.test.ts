import { expect, test } from '@jest/globals';
import { approvalIdentity } from '../../../lambdas/domain/approval/identity.ts';
import { identityOf } from '../../../lambdas/domain/snapshot/identity.ts';

const server = {
  url: 'https://x.example/mcp',
  auth_type: 'api_key',
  auth: { header: 'x-key', template: 'k={secret}' },
} as const;

test('an approval binds to the snapshot by its hash, to URL and transport, and to the public fields of the auth mode', () => {
  const same = approvalIdentity(server, 'a'.repeat(64));
  expect(same).toBe(
    `{"auth":{"header":"x-key","template":"k={secret}"},"auth_type":"api_key","snapshot_hash":"${'a'.repeat(64)}",` +
      '"transport":"streamable-http","url":"https://x.example/mcp"}',
  );
  const others = [
    approvalIdentity(server, 'b'.repeat(64)),
    approvalIdentity({ ...server, url: 'https://x.example/mcp/' }, 'a'.repeat(64)),
    approvalIdentity({ ...server, auth_type: 'bearer_token' }, 'a'.repeat(64)),
    approvalIdentity({ ...server, auth: { header: 'x-key' } }, 'a'.repeat(64)),
    approvalIdentity({ ...server, auth: { ...server.auth, scopes: [] } }, 'a'.repeat(64)),
  ];
  expect(new Set([same, ...others]).size).toBe(6);
});

test('TD-03 the order of fields and what is no public field do not show in it', () => {
  const { url, auth_type, auth } = server;
  const reordered = { has_credential: true, auth: { template: auth.template, header: auth.header }, auth_type, url };
  expect(approvalIdentity(reordered, 'a')).toBe(approvalIdentity(server, 'a'));
});

test('it is never the text that a snapshot is hashed from', () => {
  expect(identityOf({ tools: [] }, server)).toContain('"tools"');
  expect(approvalIdentity(server, 'a')).not.toContain('"tools"');
});
