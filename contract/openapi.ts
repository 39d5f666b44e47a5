import * as z from 'zod';
import { ErrorEnvelope } from './errors.ts';
import type { Route, Schema } from './route.ts';
import { routes } from './routes.ts';

const schemaOf = (schema: Schema, io: 'input' | 'output'): Record<string, unknown> => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  return rest;
};

const json = (schema: Record<string, unknown>) => ({ 'application/json': { schema } });

/** `POST /v1/keys/{id}/rotate` → `post_v1_keys_id_rotate`. */
const operationId = (row: Route): string =>
  `${row.method}${row.path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/_$/, '');

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

function queryParameters(row: Route): unknown[] {
  if (!row.query) return [];
  const { properties = {}, required = [] } = schemaOf(row.query, 'input') as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function operation(row: Route): Record<string, unknown> {
  return {
    operationId: operationId(row),
    summary: row.summary,
    tags: [row.fn],
    ...(row.access === 'public'
      ? { security: [] }
      : { description: `Needs: ${row.access === 'any' ? 'a key' : `the role ${row.access}`}.` }),
    parameters: [...pathParameters(row.path), ...queryParameters(row)],
    ...(row.body ? { requestBody: { required: true, content: json(schemaOf(row.body, 'input')) } } : {}),
    responses: {
      [row.status ?? 200]: {
        description: 'Done.',
        ...(row.answer ? { content: json(schemaOf(row.answer, 'output')) } : {}),
      },
      default: {
        description: row.dialect === 'mcp' ? 'A JSON-RPC error.' : 'A refusal, in the error envelope.',
        ...(row.dialect === 'mcp' ? {} : { content: json({ $ref: '#/components/schemas/Error' }) }),
      },
    },
  };
}

/** The route table as an OpenAPI 3.1 document. `ANY` rows are left out: they answer 405. */
export function openApiDocument(serverUrl: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const row of routes) {
    if (row.method === 'ANY') continue;
    paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operation(row) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Xcity MCP Gateway', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: serverUrl }],
    security: [{ bearer: [] }, { key: [] }],
    paths,
    components: {
      schemas: { Error: schemaOf(ErrorEnvelope, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A gateway key, xct_…' },
        key: { type: 'apiKey', in: 'header', name: 'x-xct-api-key' },
      },
    },
  };
}
