import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A POST that a calling process repeats; in `body`, `$n` becomes the number of the call. */
export interface Shot {
  readonly path: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What came of a call: its HTTP status, and whether it was a result of the tool. */
export interface Outcome {
  readonly status: number;
  readonly text: string;
}

/** Sends `shots[n % shots.length]` for every n below `count`, `atOnce` at a time. */
export async function fire(url: string, shots: readonly Shot[], count: number, atOnce: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++) {
      const { path, key, headers = {}, body } = shots[n % shots.length]!;
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
        body: JSON.stringify(body).replaceAll('$n', String(n)),
      });
      outcomes.push({ status: answer.status, text: await answer.text() });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes;
}

/** Like `fire`, from `processes` processes of their own that share count and concurrency. */
export async function fireFrom(
  processes: number,
  url: string,
  shots: readonly Shot[],
  count: number,
  atOnce: number,
): Promise<Outcome[]> {
  const each = async () => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    child.stdin.end(JSON.stringify([url, shots, count / processes, atOnce / processes]));
    let text = '';
    for await (const piece of child.stdout.setEncoding('utf8')) text += piece;
    await exited;
    return JSON.parse(text) as Outcome[];
  };
  return (await Promise.all(Array.from({ length: processes }, each))).flat();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) text += piece;
  const [url, shots, count, atOnce] = JSON.parse(text);
  process.stdout.write(JSON.stringify(await fire(url, shots, count, atOnce)));
}
