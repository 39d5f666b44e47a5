import { type ProbeReport, ProbeRequest } from '../../contract/probe.ts';
import { look } from '../adapters/upstream/look.ts';

/** Looks at the URL of the event and answers with what it saw. This function has an empty role and no credential. */
export const handler = async (event: unknown): Promise<ProbeReport> => look(ProbeRequest.parse(event).url);
