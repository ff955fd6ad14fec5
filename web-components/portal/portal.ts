import '../crossfoot.ts';
import type { CfProvider, TokenRequest } from '../provider/cf-provider.ts';
import { chooseTheme } from './theme-menu.ts';
import { showViews } from './views.ts';
import { openSession, runAs, type PortalPerson, type PortalSession } from './sessions.ts';
import { sampleReceipt } from './sample-receipts.ts';
import { sendReceipt, shownBook } from './portal.operations.ts';

const liveWords: Record<string, string> = {
  idle: 'Connecting',
  connecting: 'Connecting',
  live: 'Live',
  waiting: 'Reconnecting',
  polling: 'Reconnecting',
};

const provider = part<CfProvider>('session');
const sender = 'ana';
const viewerKey = 'harbor-desk.person';
let person = sessionStorage.getItem(viewerKey) ?? 'ravi';
let session: PortalSession | undefined;
let currency = 'EUR';

function part<Found extends HTMLElement>(id: string): Found {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as Found;
}

function tellFault(fault: unknown): void {
  const line = part('fault');
  line.textContent = fault instanceof Error ? fault.message : String(fault);
  line.hidden = false;
}

provider.addEventListener('cf-token', (event) => {
  const { reason, respondWith } = (event as CustomEvent<TokenRequest>).detail;
  respondWith(tokenFor(reason));
});

async function tokenFor(reason: string): Promise<string> {
  if (!session || reason === 'expired') session = await openSession(person);
  return session.token;
}

provider.addEventListener('cf-live', (event) => {
  const { state } = (event as CustomEvent<{ state: string }>).detail;
  const live = part('live');
  live.dataset['state'] = state;
  live.querySelector('span')!.textContent = liveWords[state] ?? state;
});

interface Selection {
  readonly kind?: 'approval' | 'match';
  readonly id?: string;
  readonly because: 'chosen' | 'decided' | 'gone';
}

const lookAtDecision = 2500;
let moving: ReturnType<typeof setTimeout> | undefined;

part('queue').addEventListener('cf-select', (event) => {
  const selection = (event as CustomEvent<Selection>).detail;
  clearTimeout(moving);
  // A row that went because it was decided on the card, or by somebody else, stays in view for a moment.
  if (selection.because === 'gone') moving = setTimeout(() => show(selection), lookAtDecision);
  else show(selection);
});

function show({ kind, id }: Selection): void {
  // What was decided last stays in view until another row is chosen; an empty queue chooses none.
  if (!kind || !id) return;
  const card = part('card');
  const match = part('match');
  card.hidden = kind !== 'approval';
  match.hidden = kind !== 'match';
  if (kind === 'approval') card.setAttribute('approval', id);
  else match.setAttribute('match', id);
}

async function signIn(as: string): Promise<void> {
  person = as;
  sessionStorage.setItem(viewerKey, as);
  session = await openSession(as);
  part('fault').hidden = true;
  showPeople(session.people);
  if (provider.getAttribute('book') === session.bookId) provider.renew();
  else provider.setAttribute('book', session.bookId);
  const { book } = await runAs<{ book: { name: string; baseCurrency: string } | null }>(session, shownBook, {
    book: session.bookId,
  });
  if (!book) return;
  part('customer').textContent = book.name;
  currency = book.baseCurrency;
}

function showPeople(people: readonly PortalPerson[]): void {
  const box = part('people');
  if (box.querySelector('label')) return;
  box.append(
    ...people.map(({ id, name, role }) => {
      const label = document.createElement('label');
      const input = Object.assign(document.createElement('input'), {
        type: 'radio',
        name: 'person',
        value: id,
      });
      input.checked = id === person;
      const initials = name
        .split(' ')
        .map((word) => word.charAt(0))
        .join('')
        .slice(0, 2);
      const portrait = Object.assign(document.createElement('b'), { textContent: initials });
      portrait.ariaHidden = 'true';
      const rank = Object.assign(document.createElement('small'), { textContent: role.toLowerCase() });
      label.append(
        input,
        portrait,
        Object.assign(document.createElement('span'), { textContent: name.split(' ')[0] }),
        rank,
      );
      return label;
    }),
  );
}

part('people').addEventListener('change', (event) => {
  void signIn((event.target as HTMLInputElement).value).catch(tellFault);
});

async function send(): Promise<void> {
  const button = part<HTMLButtonElement>('send');
  const said = part('sent');
  button.disabled = true;
  try {
    const theirs = await openSession(sender);
    const turn = Math.floor(Date.now() / 1000) % 10_000;
    const today = new Date().toISOString().slice(0, 10);
    const input = { bookId: theirs.bookId, document: sampleReceipt(turn, currency, today), source: 'portal' };
    const { submitDocument } = await runAs<{ submitDocument: { errors: { message: string }[] } | null }>(
      theirs,
      sendReceipt,
      { input },
    );
    const refused = submitDocument?.errors[0];
    said.textContent = refused
      ? refused.message
      : `${String(input.document['counterpartyName'])} sent as Ana`;
  } catch (fault) {
    said.textContent = fault instanceof Error ? fault.message : String(fault);
  } finally {
    button.disabled = false;
  }
}

part('send').addEventListener('click', () => void send());
part('copy').addEventListener('click', () => {
  const copied = navigator.clipboard.writeText(part('snippet').textContent ?? '');
  void copied.then(() => (part('copy').textContent = 'Copied'), tellFault);
});

showViews(part('views'), { reconcile: 'cf-reconciliation-board' });
chooseTheme(part<HTMLDetailsElement>('theme-menu'));
void signIn(person).catch(tellFault);
