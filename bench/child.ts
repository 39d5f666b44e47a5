import { fork } from 'node:child_process';

/** A process of the bench: what it said when it was ready, and what it can be asked. */
export interface Child<Ready> {
  readonly pid: number;
  readonly ready: Ready;
  /** Asks one thing; the next only after its answer. Throws when the child failed at it or is gone. */
  ask<Answer>(question: string, about?: unknown): Promise<Answer>;
  close(): void;
}

type Said = { readonly answer: unknown } | { readonly failure: string };

/** Starts a file, given by its `file:` URL, in a process of its own; it ends with this one. */
export async function startChild<Ready>(file: string): Promise<Child<Ready>> {
  const child = fork(new URL(file), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const listen = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      const hear = (said: Said) => {
        child.off('exit', gone);
        if ('failure' in said) reject(new Error(said.failure));
        else resolve(said.answer as T);
      };
      const gone = () => reject(new Error(`${file} ended`));
      child.once('message', hear).once('exit', gone);
    });
  const ready = await listen<Ready>();
  return {
    pid: child.pid!,
    ready,
    ask: (question, about) => {
      child.send({ question, about });
      return listen();
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}

/** The other side: says that this process is ready, answers what it is asked, ends when nobody is left to ask. */
export function answerParent(ready: unknown, answers: Readonly<Record<string, (about: never) => unknown>>): void {
  const say = (said: Said) => process.send?.(said);
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ question, about }: { question: string; about: never }) => {
    try {
      say({ answer: (await answers[question]?.(about)) ?? null });
    } catch (error) {
      say({ failure: String(error) });
    }
  });
  say({ answer: ready });
}
