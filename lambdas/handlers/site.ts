import { openApiDocument } from '../../contract/openapi.ts';
import { docs, health, openapi } from '../../contract/site.ts';
import { originSecret } from '../compose.ts';
import { ok } from '../domain/result.ts';
import { on, serve } from '../middleware/serve.ts';
import { docsPage, docsPolicy } from '../pages/docs.ts';

/** The pages without data: liveness, the contract, a page to read it. */
export const handler = serve(
  [
    on(health, async () => ok({ body: { status: 'ok' } })),
    on(openapi, async () => ok({ body: openApiDocument(process.env['PUBLIC_URL'] ?? '') })),
    on(docs, async () =>
      ok({
        body: docsPage,
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': docsPolicy },
      }),
    ),
  ],
  { originSecret },
);
