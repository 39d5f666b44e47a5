import { createHash } from 'node:crypto';

const script = `
const api = await (await fetch('/openapi.json')).json();
const add = (parent, tag, text) => { const e = document.createElement(tag); if (text) e.textContent = text; parent.append(e); return e; };
const pretty = (schema) => JSON.stringify(schema, null, 2);
const main = document.querySelector('main');
const tags = Map.groupBy(Object.entries(api.paths).flatMap(([path, ops]) => Object.entries(ops).map(([method, op]) => ({ path, method, op }))), (r) => r.op.tags[0]);
for (const [tag, rows] of tags) {
  add(main, 'h2', tag);
  for (const { path, method, op } of rows) {
    const details = add(main, 'details');
    const summary = add(details, 'summary');
    add(summary, 'code', method.toUpperCase() + ' ' + path);
    add(summary, 'span', ' ' + op.summary);
    if (op.description) add(details, 'p', op.description);
    if (op.parameters.length) { add(details, 'h3', 'Parameters'); add(details, 'pre', op.parameters.map((p) => p.in + ' ' + p.name + (p.required ? ' (required)' : '') + ': ' + JSON.stringify(p.schema)).join('\\n')); }
    if (op.requestBody) { add(details, 'h3', 'Body'); add(details, 'pre', pretty(op.requestBody.content['application/json'].schema)); }
    for (const [status, answer] of Object.entries(op.responses)) if (answer.content && status !== 'default') { add(details, 'h3', 'Answer ' + status); add(details, 'pre', pretty(answer.content['application/json'].schema)); }
  }
}
`;

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
summary { cursor: pointer; padding: .3rem 0; } summary span { opacity: .75; }
pre { overflow-x: auto; padding: .75rem; background: color-mix(in srgb, currentColor 8%, transparent); border-radius: .4rem; }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page at `/docs`: reads `/openapi.json` and shows it as text. */
export const docsPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Xcity MCP Gateway: the contract</title><style>${style}</style></head>
<body><h1>Xcity MCP Gateway</h1><p>Every route, from <a href="/openapi.json">/openapi.json</a>. Send your key as <code>Authorization: Bearer xct_…</code>.</p>
<main></main><script type="module">${script}</script></body></html>`;

/** Content Security Policy of the page: its own script and style by hash, requests to its own origin, nothing else. */
export const docsPolicy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
