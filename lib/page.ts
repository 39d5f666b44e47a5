import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** A page's script (`main.ts`) or style as one small text for browsers of the last two years. */
function text(entry: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: join(import.meta.dirname, '..'),
    entryPoints: [`./lambdas/pages/${entry}`],
    write: false,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2024',
    format: 'esm',
    charset: 'utf8',
    logLevel: 'warning',
  });
  return outputFiles[0]!.text.trim();
}

/** What `lambdas/pages/submissions.ts` declares, for esbuild's `define`. */
export const pageTexts = (): Record<string, string> => ({
  SUBMISSIONS_SCRIPT: JSON.stringify(text('submissions/main.ts')),
  SUBMISSIONS_STYLE: JSON.stringify(text('submissions/style.css')),
});
