import { createHash } from 'node:crypto';

/** The folder `submissions/` as one script and one style sheet; the bundler puts them here (`lib/page.ts`). */
declare const SUBMISSIONS_SCRIPT: string;
declare const SUBMISSIONS_STYLE: string;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page at `/submissions`: without data, all of which its script asks for with the key that a reviewer pastes. */
export const submissionsPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>Submissions</title><style>${SUBMISSIONS_STYLE}</style></head>
<body><header><h1>Xcity MCP Gateway · Submissions</h1><div id="who"></div></header><p id="say" role="status"></p>
<main><noscript>This page needs JavaScript.</noscript></main><script type="module">${SUBMISSIONS_SCRIPT}</script></body></html>`;

/**
 * Content Security Policy of the page: its own script and style by hash, requests to its own origin, nothing else; and
 * nothing turns text into markup (Trusted Types without a policy).
 */
export const submissionsPolicy = `default-src 'none'; script-src ${hash(SUBMISSIONS_SCRIPT)}; style-src ${hash(SUBMISSIONS_STYLE)}; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
