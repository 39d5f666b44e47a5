import { excerpt } from '../visible.ts';
import { type Kind, maxEvidence } from './finding.ts';

/** A server whose authorization server takes in strangers, and offers no better way (RFC 7591). */
export const registration: Kind = {
  name: 'dynamic_registration_only',
  find({ probe }) {
    const auth = probe?.auth;
    return auth?.registration?.includes('dynamic') && !auth.registration.includes('client_id_metadata_document')
      ? [
          {
            severity: 'low',
            where: 'server: auth',
            evidence: excerpt((auth.authorization_servers ?? []).join(' '), 0, maxEvidence),
            explanation:
              'Its authorization server knows clients by dynamic registration only: anyone can be one, under any name.',
          },
        ]
      : [];
  },
};
