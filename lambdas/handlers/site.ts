import { openApiDocument } from '../../contract/openapi.ts';
import { docs, health, openapi, submissionsPage as submissions } from '../../contract/site.ts';
import { originSecret } from '../compose.ts';
import { ok } from '../domain/result.ts';
import { on, serve } from '../middleware/serve.ts';
import { docsPage, docsPolicy } from '../pages/docs.ts';
import { submissionsPage, submissionsPolicy } from '../pages/submissions.ts';

const page = (body: string, policy: string) =>
  ok({
    body,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    },
  });

/** The pages without data: liveness, the contract, a page to read it. */
export const handler = serve(
  [
    on(health, async () => ok({ body: { status: 'ok' } })),
    on(openapi, async () => ok({ body: openApiDocument(process.env['PUBLIC_URL'] ?? '') })),
    on(docs, async () => page(docsPage, docsPolicy)),
    on(submissions, async () => page(submissionsPage, submissionsPolicy)),
  ],
  { originSecret },
);
