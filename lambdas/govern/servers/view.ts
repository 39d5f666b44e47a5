import type { ServerView } from '../../../contract/servers.ts';
import type { ServerRecord } from '../../domain/records.ts';

/** What an admin sees of a server: everything but its secrets, with all pinned tools. Also what the audit keeps of it. */
export const adminView = (server: ServerRecord): ServerView => {
  const { org_id, tools, allowed_tools, last_probe, refused_offers, quarantined, ...shown } = server;
  return {
    ...shown,
    tools: tools.map(({ name }) => name),
    extra_headers: [...shown.extra_headers],
    access_groups: [...shown.access_groups],
    disallowed_tools: [...shown.disallowed_tools],
    refused_tools: [...shown.refused_tools],
    ...(refused_offers === undefined ? {} : { refused_offers: [...refused_offers] }),
    ...(allowed_tools === undefined ? {} : { allowed_tools: [...allowed_tools] }),
    ...(quarantined === undefined ? {} : { quarantined: [...quarantined] }),
  };
};

/** What a member sees of a server: what it is called, and the tools the member may call. */
export const memberView = (server: ServerRecord, tools: readonly string[]): ServerView => ({
  id: server.id,
  alias: server.alias,
  ...(server.name === undefined ? {} : { name: server.name }),
  ...(server.description === undefined ? {} : { description: server.description }),
  status: server.status,
  tools: [...tools],
});
