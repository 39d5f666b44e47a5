import { ProbeRequest } from '../../contract/probe.ts';
import { look } from '../adapters/upstream/look.ts';
import type { Sight } from '../ports/upstream.ts';

/** Looks at the URL of the event and answers with what it saw. This function has an empty role and no credential. */
export const handler = async (event: unknown): Promise<Sight | Sight['report']> => {
  const { url, definitions } = ProbeRequest.parse(event);
  const seen = await look(url);
  return definitions ? seen : seen.report;
};
