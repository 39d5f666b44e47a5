/** `npm run conformance`: the official MCP suite against our fixtures, directly and through the gateway. */
import { oneStage, synth } from '../local/synth.ts';
import { openBench, runs } from '../test/support/conformance/runs.ts';

const assembly = 'cdk.out/local';
await synth(assembly, oneStage);
const bench = await openBench({ assembly });
const line = (...cells: readonly string[]): void =>
  console.log(
    cells
      .map((cell, at) => cell.padEnd([14, 10, 9, 8, 8][at] ?? 0))
      .join('')
      .trimEnd(),
  );
try {
  line('requirements', 'upstream', 'path', 'passed', 'took');
  for (const run of runs) {
    const begun = performance.now();
    const { ok, passed, required, complaints, output } = await bench.run(run);
    const path = run.through ? 'gateway' : 'direct';
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    line(
      run.requirements,
      run.upstream,
      path,
      `${passed.length}/${required.length}`,
      `${seconds} s`,
      ok ? '' : 'UNEXPECTED',
    );
    for (const complaint of complaints) console.log(`  ${complaint}`);
    if (ok) continue;
    console.log(output.slice(output.indexOf('=== SUMMARY ===')));
    process.exitCode = 1;
  }
} finally {
  await bench.close();
}
