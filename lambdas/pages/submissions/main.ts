import { type Desk, openDesk } from './desk.ts';
import { type Element, entitle, fieldsOf, find, show } from './dom.ts';
import { failureText, frame, loading, signIn, who } from './frame.ts';
import type { Happened } from './tree.ts';
import { connect, type Me } from './wire.ts';

declare const addEventListener: (event: 'hashchange', listener: () => void) => void;

/** Where the tab keeps the key; it is gone with the tab. */
const kept = 'xct_key';
let desk: Desk | undefined;

function signOut(problem?: string): void {
  sessionStorage.removeItem(kept);
  desk?.leave();
  desk = undefined;
  entitle('Submissions');
  show('#who');
  show('main', signIn(paste, problem));
  find('main input').focus();
}

function paste(event: Happened): void {
  event.preventDefault();
  void start(
    fieldsOf(event.currentTarget as Element)
      .one('key')
      .trim(),
  );
}

async function start(key: string): Promise<void> {
  show('main', loading());
  const ask = connect(fetch, key);
  const me = await ask<Me>('GET', '/v1/me');
  if (!me.ok) return signOut(me.status === 401 ? 'This key is not valid, or no longer.' : failureText(me));
  sessionStorage.setItem(kept, key);
  const opened = openDesk(ask, me.body, () => signOut('Your key is no longer valid: sign in again.'));
  desk = opened;
  show(
    '#who',
    ...who(
      me.body,
      () => signOut(),
      () => void opened.reload(),
    ),
  );
  show('main', frame());
  find('#queue').focus();
  await opened.reload();
}

addEventListener('hashchange', () => desk?.moved());
const key = sessionStorage.getItem(kept);
if (key === null) signOut();
else void start(key);
