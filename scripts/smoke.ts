/**
 * Looks at a deployed gateway from outside and says what it saw; `docs/verify-on-aws.md` tells what each line stands for.
 *
 *   URL=https://… ADMIN_KEY=xct_… node scripts/smoke.ts
 *
 * API_URL (the API's own URL with the stage) is asked whether it is closed. UPSTREAM, TOOL and ARGUMENTS name a public MCP
 * server without authentication and a tool of it. Everything made is deleted at the end. Exit code 1 when a line fails.
 */
import { admin, ask } from './smoke/ask.ts';
import { checks, made } from './smoke/checks.ts';

const me = await ask('GET', '/v1/me', admin);
if (me.status !== 200) {
  console.error(`ADMIN_KEY is not taken: GET /v1/me answered ${me.status}.`);
  process.exit(1);
}

let failed = 0;
for (const [name, look] of Object.entries(checks)) {
  try {
    const said = await look();
    const remark = typeof said === 'string' ? said : '';
    console.log(`${remark.startsWith('skip') ? '--' : 'ok'}  ${name}${remark && `: ${remark.replace('skip: ', '')}`}`);
  } catch (fault) {
    failed += 1;
    console.log(`NO  ${name}: ${(fault as Error).message}`);
  }
}
for (const path of made.reverse()) {
  const { status } = await ask('DELETE', path, admin).catch(() => ({ status: 0 }));
  if (status !== 200) console.log(`NO  not cleaned up (${status}): DELETE ${path}`);
  if (status !== 200) failed += 1;
}
console.log(failed === 0 ? 'All that could be seen is as it should be.' : `${failed} failed.`);
process.exit(failed === 0 ? 0 : 1);
