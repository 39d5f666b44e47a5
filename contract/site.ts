import * as z from 'zod';
import { KeyShown } from './keys.ts';
import { type Route, route } from './route.ts';

export const health = route({
  method: 'GET',
  path: '/health',
  fn: 'site',
  access: 'public',
  summary: 'Liveness.',
  answer: z.object({ status: z.literal('ok') }),
});
export const openapi = route({
  method: 'GET',
  path: '/openapi.json',
  fn: 'site',
  access: 'public',
  summary: 'This contract as OpenAPI 3.1.',
  answer: z.record(z.string(), z.unknown()),
});
export const docs = route({
  method: 'GET',
  path: '/docs',
  fn: 'site',
  access: 'public',
  summary: 'A page to read the contract.',
});
export const submissionsPage = route({
  method: 'GET',
  path: '/submissions',
  fn: 'site',
  access: 'public',
  summary: 'The page on which admins review what was proposed; without data.',
});

/** The one-time token, and a name for the operator it makes. */
export const BootstrapBody = z.strictObject({
  token: z.string().min(20).max(200),
  name: z.string().min(1).max(100).exactOptional(),
});
export const bootstrap = route({
  method: 'POST',
  path: '/v1/bootstrap',
  fn: 'bootstrap',
  access: 'public',
  summary: 'Trade the one-time token for the first operator and its key; 410 once used or after 24 hours.',
  body: BootstrapBody,
  status: 201,
  answer: KeyShown,
});
/** The rows of this file. */
export const siteRoutes: readonly Route[] = [health, openapi, docs, submissionsPage, bootstrap] as Route[];
