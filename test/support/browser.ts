import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian puts it; elsewhere `CHROMIUM` names one. */
const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Starts Chromium without a window. Throws, saying what to install, where there is none: its tests are never skipped. */
export function startBrowser(): Promise<Browser> {
  if (!existsSync(chromiumPath))
    throw new Error(
      `There is no ${chromiumPath}. The pages are tested in Chromium: run \`apt-get install chromium\`, or set CHROMIUM to the path of one.`,
    );
  return chromium.launch({ executablePath: chromiumPath });
}

/** A page in a session of its own, and what it must not do. */
export interface Watched {
  readonly page: Page;
  /** Violations of the Content Security Policy, errors of the script, and requests to another origin. */
  readonly faults: string[];
}

/** Opens `url` and watches it. */
export async function openPage(
  browser: Browser,
  url: string,
  given: Parameters<Browser['newContext']>[0] = {},
): Promise<Watched> {
  const context = await browser.newContext(given);
  const faults: string[] = [];
  await context.exposeFunction('reportFault', (fault: string) => faults.push(fault));
  await context.addInitScript(
    `addEventListener('securitypolicyviolation', (e) => reportFault('policy: ' + e.violatedDirective + ' ' + e.blockedURI))`,
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}
