import { detailView } from './detail.ts';
import { type Element, entitle, fieldsOf, find, focusIn, show } from './dom.ts';
import { failureView, loading, nothingChosen } from './frame.ts';
import { outcomeOf } from './outcome.ts';
import { type Filter, queueView } from './queue.ts';
import { bodyOf } from './ruling.ts';
import type { Happened } from './tree.ts';
import type { Act, Answer, Ask, Detail, Me, Queue } from './wire.ts';

declare const location: { readonly hash: string };

const path = '/v1/mcp/server/submissions';

/** Queue and detail of somebody who is signed in. */
export interface Desk {
  /** Asks for both again; a notice stands over the detail. */
  reload(notice?: string): Promise<void>;
  /** The address names another submission. */
  moved(): void;
  /** Nothing that is still on its way is shown any more. */
  leave(): void;
}

const selected = (): string => /^#\/([\w-]+)$/.exec(location.hash)?.[1] ?? '';

/** Works on the frame that is on the page; `over` is called when the gateway no longer knows the key. */
export function openDesk(asking: Ask, me: Me, over: () => void): Desk {
  let filter: Filter = 'pending_review';
  let queue: Queue | undefined;
  let left = false;
  // What was asked last: a slow answer does not take the place of a later one.
  let [listed, opened] = [0, 0];

  /** The answer, unless nobody waits for it any more or it ends the session. */
  async function ask<T>(method: string, to: string, body?: unknown): Promise<Answer<T> | undefined> {
    const answer = await asking<T>(method, to, body);
    if (left) return undefined;
    if (answer.ok || answer.status !== 401) return answer;
    over();
    return undefined;
  }

  function showQueue(): void {
    if (queue) show('#queue', queueView(queue, filter, selected(), { filter: choose, more }));
  }
  async function choose(chosen: Filter): Promise<void> {
    filter = chosen;
    await loadQueue();
    focusIn('#queue [aria-pressed=true]');
  }
  async function more(cursor: string): Promise<void> {
    const next = (queue?.data.length ?? 0) + 1;
    await loadQueue(cursor);
    focusIn(`#queue li:nth-child(${next}) a`);
  }
  async function loadQueue(cursor?: string): Promise<void> {
    const mine = ++listed;
    const query = new URLSearchParams({ limit: '50', ...(filter && { status: filter }), ...(cursor && { cursor }) });
    if (!queue) show('#queue', loading());
    const answer = await ask<Queue>('GET', `${path}?${query}`);
    if (!answer || mine !== listed) return;
    if (!answer.ok)
      return show(
        '#queue',
        failureView(answer, () => void loadQueue(cursor)),
      );
    const before = cursor === undefined ? [] : (queue?.data ?? []);
    queue = { ...answer.body, data: [...before, ...answer.body.data] };
    showQueue();
    show('#say', `${queue.data.length} submissions shown`);
  }

  async function loadDetail(notice?: string): Promise<void> {
    const mine = ++opened;
    const id = selected();
    find('.columns').setAttribute('data-open', id === '' ? 'queue' : 'detail');
    entitle('Submissions');
    if (id === '') return show('#detail', nothingChosen());
    show('#detail', loading());
    const answer = await ask<Detail>('GET', `${path}/${id}`);
    if (!answer || mine !== opened) return;
    if (!answer.ok)
      return show(
        '#detail',
        failureView(answer, () => void loadDetail()),
      );
    const detail = answer.body;
    const sending = (act: Act, event: Happened) => void send(detail, act, event);
    show('#detail', detailView(detail, me, { ...acts, send: sending }, notice));
    entitle(`${detail.server.alias} · Submissions`);
    find('#detail h2').focus();
  }

  /** Sends a decision about exactly what is shown. */
  async function send(detail: Detail, act: Act, event: Happened): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as Element;
    const body = bodyOf[act](detail, fieldsOf(form));
    const fields = [...form.querySelectorAll('button, fieldset.bare')];
    for (const field of fields) field.disabled = true;
    const answer = await ask<Pick<Detail, 'status'>>('PUT', `${path}/${detail.id}/${act}`, body);
    for (const field of fields) field.disabled = false;
    if (!answer) return;
    const outcome = outcomeOf(act, answer);
    if ('notice' in outcome) return reload(outcome.notice);
    form.querySelector('[role=alert]')!.replaceChildren(outcome.problem);
  }

  const reload = async (notice?: string): Promise<void> => {
    await Promise.all([loadQueue(), loadDetail(notice)]);
  };
  return {
    reload,
    moved() {
      showQueue();
      void loadDetail();
    },
    leave() {
      left = true;
    },
  };
}

/** What the forms do without the gateway. */
const acts = {
  open: (act: Act) => find(`#${act}`).showModal(),
  close: ({ currentTarget }: Happened) => (currentTarget as Element).closest('dialog')?.close(),
  choose({ currentTarget }: Happened, on: boolean) {
    for (const box of (currentTarget as Element).closest('fieldset')!.querySelectorAll('[name=tool]')) box.checked = on;
  },
};
