import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { accessibilityFaults, Bench, heard } from '../test-support/bench.ts';
import { boardBooks } from '../test-support/board-books.ts';
import { board as element, openBoardOf, type OpenedBoard } from '../test-support/open-board.ts';
import { SimulatedBooks } from '../test-support/simulated-books.ts';
import { euro } from '../test-support/simulated-entities.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(async () => {
  await bench.reset();
  bench.gateway.books = boardBooks();
});
afterAll(() => bench.stop());

const openBoard = (attributes = ''): Promise<OpenedBoard> => openBoardOf(bench, attributes);
const commands = (): string[] => bench.books.calls.map(({ command }) => command);

test('what is to do stands in the list by state, with the counts of every state', async () => {
  const { page, current } = await openBoard();
  expect((await page.getByRole('group', { name: 'Show' }).innerText()).replaceAll(/\s+/g, ' ')).toBe(
    'To do 15 Suggested 8 Exceptions 3 Open 4 Done 1 All 16',
  );
  expect(await current.innerText()).toMatch(/Paper & Co\.\s+Nov 20 · Invoice PC-5531 thank you\s+−€76\.15/);
  const row = page.getByRole('option').nth(2);
  expect([await row.getAttribute('aria-setsize'), await row.getAttribute('aria-posinset')]).toEqual([
    '15',
    '3',
  ]);
});

test('the chosen line shows its suggestion with the evidence, the rivals and what else it may settle', async () => {
  const { side, press } = await openBoard();
  await side.getByText('PC-5531 stands in the remittance').waitFor();
  expect(await side.locator('.rivals').innerText()).toContain('Same amount, but another reference.');
  await press('End');
  await side.getByText('3 items of Freight Lindqvist').waitFor();
});

test('J, K, arrows, Home and End move, and the page hears which line it is', async () => {
  const { page, current, press } = await openBoard();
  await press('j', 'ArrowDown', 'k');
  expect(await current.innerText()).toContain('Studio Falk');
  const listbox = page.getByRole('listbox');
  expect(await listbox.getAttribute('aria-activedescendant')).toBe('line-1');
  await press('End');
  await expect.poll(() => current.innerText()).toContain('Freight Lindqvist');
  await press('Home');
  await expect.poll(() => current.innerText()).toContain('Paper & Co.');
  expect((await heard(page, 'cf-select')).at(-1)?.detail).toEqual({ kind: 'line', id: 'line_mt_0' });
});

test('A accepts, the next line is current at once, and Z brings the suggestion back', async () => {
  const { page, current, press } = await openBoard();
  await press('a');
  await expect.poll(() => current.innerText()).toContain('Studio Falk');
  await expect.poll(() => bench.books.matches[0]?.status).toBe('ACCEPTED');
  await page.getByRole('status').getByText('Accepted Paper & Co.').first().waitFor({ state: 'attached' });
  expect((await heard(page, 'cf-decided')).at(-1)?.detail).toEqual({
    verdict: 'accept',
    lines: ['line_mt_0'],
  });
  await press('z');
  await expect.poll(() => bench.books.matches[0]?.status).toBe('SUGGESTED');
  await expect.poll(() => current.innerText()).toContain('Paper & Co.');
  await expect.poll(() => current.innerText()).toContain('99 %');
  expect(commands()).toEqual(['acceptMatch', 'undoMatches', 'undoMatch', 'withdrawDeclinedPair']);
});

test('what is refused goes back to what it was, with the reason, and the work goes on', async () => {
  const { page, press } = await openBoard();
  // The list is asked for once more when the live connection stands; what was declined moves down then.
  await expect.poll(() => bench.asked('BoardCounts')).toBeGreaterThan(1);
  bench.books.matches[0]!.status = 'DECLINED';
  await press('a');
  await page.getByRole('alert').getByText('Paper & Co.: somebody else has decided this already.').waitFor();
  await expect.poll(() => page.getByRole('option').first().innerText()).toContain('Open');
  expect(await page.getByRole('option').first().getAttribute('class')).not.toContain('pending');
  await press('a');
  await expect.poll(() => bench.books.matches[1]?.status).toBe('ACCEPTED');
});

test('a session that may not decide is told so in words', async () => {
  const { page, current, press } = await openBoard();
  bench.gateway.faults.set('AcceptMatch', 'FORBIDDEN');
  await press('a');
  await page.getByRole('alert').getByText('Ask the portal for a session that includes this.').waitFor();
  await press('k');
  await expect.poll(() => current.innerText()).toContain('99 %');
});

test('A where nothing is suggested says what to do instead', async () => {
  const { page, press } = await openBoard('show="open"');
  await press('a');
  await page.getByRole('alert').getByText('Nothing is suggested for Bank.').waitFor();
  expect(commands()).toEqual([]);
});

test('S shares a line among several items, with the rest in view and nothing beyond what is open', async () => {
  const { page, side, press } = await openBoard();
  await press('End', 's');
  await side.getByRole('heading', { name: 'Split Freight Lindqvist' }).waitFor();
  const rest = side.locator('[part=rest]');
  expect(await rest.innerText()).toBe('€900.00 left');
  for (const number of ['FL-301', 'FL-302', 'FL-303'])
    await side.getByRole('button', { name: number }).click();
  await expect.poll(() => rest.innerText()).toBe('Nothing left');
  expect(await side.getByLabel('Amount for FL-303').inputValue()).toBe('150.00');
  await side.getByLabel('Amount for FL-301').fill('400.01');
  await side.getByText('No more than −€400.00 is open.').waitFor();
  expect(await side.getByRole('button', { name: 'Match 3 items' }).isDisabled()).toBe(true);
  await side.getByLabel('Amount for FL-301').fill('300');
  expect(await rest.innerText()).toBe('€100.00 left');
  await side.getByLabel('Amount for FL-303').fill('250,00');
  await expect.poll(() => rest.innerText()).toBe('Nothing left');
  await press('Enter');
  await expect.poll(commands).toEqual(['matchManually']);
  expect(bench.books.calls[0]?.input).toMatchObject({
    lineIds: ['sl_three'],
    applied: [
      { openItemId: 'oi_301', amount: euro('-300.00') },
      { openItemId: 'oi_302', amount: euro('-350.00') },
      { openItemId: 'oi_303', amount: euro('-250.00') },
    ],
  });
  await expect.poll(() => page.getByRole('listbox').evaluate((list) => list.matches(':focus'))).toBe(true);
});

test('what an item was paid too little can go to an account', async () => {
  const { page, side, press } = await openBoard('show="exceptions"');
  await page.getByRole('option', { name: 'Hafen Café' }).click();
  await side.getByRole('button', { name: 'Match by hand' }).click();
  await side.getByRole('button', { name: 'SI-2026-045' }).click();
  await side.getByLabel('Amount for SI-2026-045').fill('600');
  await expect.poll(() => side.locator('[part=rest]').innerText()).toBe('€12.00 too much');
  await side.getByLabel('Account for the difference').fill('4730');
  await press('Enter');
  await expect.poll(commands).toEqual(['matchManually']);
  expect(bench.books.calls[0]?.input).toMatchObject({ differenceAccountCode: '4730' });
});

test('a number takes the candidate that carries it', async () => {
  const { side, press } = await openBoard();
  await press('End');
  await side.getByText('3 items of Freight Lindqvist').waitFor();
  await press('2');
  await expect.poll(() => side.locator('[part=rest]').innerText()).toBe('€500.00 left');
  await press('Escape');
  await side.getByText('3 items of Freight Lindqvist').waitFor();
});

test('Shift and J mark lines, and M merges them into one match', async () => {
  const { page, side, press } = await openBoard('show="open"');
  await press('m');
  await page.getByRole('alert').getByText('Mark at least two lines').waitFor();
  await press('j', 'Shift+J');
  await page.getByText('2 marked').waitFor();
  expect(await page.locator('footer').innerText()).toContain('€1,200.00');
  await press('m');
  await side.getByRole('heading', { name: 'Merge 2 lines' }).waitFor();
  await side.getByRole('button', { name: 'SI-2026-052' }).click();
  await expect
    .poll(() => side.getByLabel('Amount for SI-2026-052').evaluate((field) => field.matches(':focus')))
    .toBe(true);
  await press('Enter');
  await expect.poll(commands).toEqual(['matchManually']);
  expect(bench.books.calls[0]?.input).toMatchObject({ lineIds: ['sl_half_1', 'sl_half_2'] });
  await expect.poll(() => page.getByText('Matched 2 lines with 1 item').first().isVisible()).toBe(true);
});

test('E books a line to an account, offers those used before, and Z says why that stays', async () => {
  const { page, press } = await openBoard('show="open"');
  await press('e');
  await page.getByLabel('Account').waitFor();
  expect(
    await page.locator('datalist option').evaluateAll((all) => all.map((one) => one.getAttribute('value'))),
  ).toEqual(['6310']);
  await page.keyboard.type('6855');
  await press('Enter');
  await expect.poll(commands).toEqual(['bookStatementLine']);
  expect(bench.books.calls[0]?.input).toMatchObject({
    lineId: 'sl_fee',
    accountCode: '6855',
    memo: 'Account fee October',
  });
  await expect.poll(() => page.getByRole('option').first().innerText()).toContain('Booked');
  await page.getByText('Booked Bank to 6855').first().waitFor();
  await press('z');
  await page.getByRole('alert').getByText('Its entry is in the books').waitFor();
});

test('Z pressed before the answer has come takes back what is on its way', async () => {
  const { page, current, press } = await openBoard();
  await press('a', 'z');
  await expect.poll(commands).toEqual(['acceptMatch', 'undoMatches', 'undoMatch', 'withdrawDeclinedPair']);
  await expect.poll(() => current.innerText()).toContain('Paper & Co.');
  expect(await page.getByText('Nothing was done here that could be undone.').count()).toBe(0);
});

test('Z goes back to a line that has left the list meanwhile, as soon as it is back in it', async () => {
  const { page, current, press } = await openBoard();
  await press('a');
  await expect.poll(() => bench.books.matches[0]?.status).toBe('ACCEPTED');
  await page.getByRole('button', { name: /^Exceptions/ }).click();
  await page.getByRole('button', { name: /^To do/ }).click();
  await expect.poll(() => page.getByRole('option').first().innerText()).toContain('Studio Falk');
  await page.getByRole('listbox').focus();
  await press('z');
  await expect.poll(() => current.innerText()).toContain('Paper & Co.');
});

test('D asks for the reason, letters in it do nothing else, and Z lets the pair be suggested again', async () => {
  const { page, current, press } = await openBoard();
  await press('d');
  await page.getByLabel('Why does Paper & Co. not belong to it?').waitFor();
  await page.keyboard.type('a jazz sum');
  await press('Enter');
  await expect.poll(commands).toEqual(['declineMatch']);
  expect(bench.books.calls[0]?.input).toMatchObject({ matchId: 'mt_0', reason: 'a jazz sum' });
  await expect.poll(() => current.innerText()).toMatch(/Paper & Co\.[\s\S]*Open/);
  await press('z');
  await expect.poll(() => current.innerText()).toContain('99 %');
});

test('U accepts all that is sure, says how many, and Z takes them all back', async () => {
  const { page, press } = await openBoard();
  await press('u');
  const count = page.locator('[part=bulk-count]');
  await expect.poll(() => count.innerText()).toBe('4 of 8 suggestions, together €12,055.85');
  await page.getByRole('slider').fill('99');
  await expect.poll(() => count.innerText()).toContain('2 of 8');
  await page.getByRole('button', { name: 'Accept 2' }).click();
  await page.getByText('Accepted 2 suggestions.').first().waitFor();
  const accepted = (): number => bench.books.matches.filter(({ status }) => status === 'ACCEPTED').length;
  expect(accepted()).toBe(2);
  await expect.poll(() => page.getByRole('button', { name: 'Done' }).innerText()).toMatch(/3$/);
  await page.getByRole('listbox').focus();
  await press('z');
  await expect.poll(accepted).toBe(0);
  await page.getByText('Undone: Accepted 2 suggestions.').first().waitFor();
});

test('of many, those that are refused are told of, and the rest is done', async () => {
  const { page, press } = await openBoard();
  await press('u');
  await expect.poll(() => page.getByRole('button', { name: 'Accept 4' }).isVisible()).toBe(true);
  bench.books.matches[0]!.status = 'DECLINED';
  await page.getByRole('button', { name: 'Accept 4' }).click();
  await page.getByRole('alert').getByText('1 of 4 were refused.').waitFor();
  expect(bench.books.matches.filter(({ status }) => status === 'ACCEPTED').length).toBe(3);
});

test('? lists the keys, and leaving it gives the list the focus back', async () => {
  const { page, press } = await openBoard();
  await press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await dialog.getByText('Merge the marked lines into one match').waitFor();
  await press('Escape');
  await expect.poll(() => dialog.isVisible()).toBe(false);
  await expect.poll(() => page.getByRole('listbox').evaluate((list) => list.matches(':focus'))).toBe(true);
});

test('everything is there for the mouse too', async () => {
  const { page, side, current } = await openBoard();
  await page.getByRole('option', { name: 'Studio Falk' }).click();
  await expect.poll(() => current.innerText()).toContain('Studio Falk');
  await side.getByRole('button', { name: 'Accept A' }).click();
  await expect.poll(() => bench.books.matches[1]?.status).toBe('ACCEPTED');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => bench.books.matches[1]?.status).toBe('SUGGESTED');
  await page.getByRole('option').nth(3).locator('[data-mark]').click();
  await page.getByText('1 marked').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  for (const name of ['Split', 'Create entry', 'Decline']) {
    await side.getByRole('button', { name }).click();
    await side.getByRole('button', { name: 'Cancel' }).click();
  }
});

test('the search looks through all lines, the filters show one state', async () => {
  const { page, current, press } = await openBoard();
  await press('/');
  await page.keyboard.type('kestrel 700');
  await expect.poll(() => page.getByRole('option').count()).toBe(1);
  await expect.poll(() => current.innerText()).toContain('Part 2');
  await page.getByRole('searchbox', { name: 'Search the lines' }).fill('nothing like it');
  await page.getByText('Nothing found').waitFor();
  await page.getByRole('searchbox', { name: 'Search the lines' }).fill('');
  await page.getByRole('button', { name: /^Exceptions/ }).click();
  await expect.poll(() => page.getByRole('option').count()).toBe(3);
  expect(await page.locator('cf-reconciliation-board').getAttribute('show')).toBe('exceptions');
});

test('the chosen line stays chosen and in view when the filter changes', async () => {
  const { page, current, press } = await openBoard('show="open"');
  await page.setViewportSize({ width: 1100, height: 420 });
  await press('End');
  await page.getByRole('button', { name: /^To do/ }).click();
  await expect.poll(() => page.getByRole('option').count()).toBe(15);
  expect(await current.innerText()).toContain('Freight Lindqvist');
  const reach = (part: string): Promise<number> =>
    page.locator(part).evaluate((box) => Math.round(box.getBoundingClientRect().bottom));
  await expect.poll(async () => (await reach('[aria-current=true]')) <= (await reach('.lines'))).toBe(true);
});

test('what somebody else decides flips in its place, and the chosen line stays chosen', async () => {
  const { page, current, press } = await openBoard('show="all"');
  await press('j', 'j');
  await expect.poll(() => bench.asked('BoardCounts')).toBeGreaterThan(1);
  bench.books.decideMatch('acceptMatch', { matchId: 'mt_0' }, 'ana');
  await expect.poll(() => page.getByRole('option').first().innerText()).toContain('Matched');
  expect(await current.innerText()).toContain('Nordlicht Hosting');
  await expect.poll(() => page.getByRole('button', { name: /^Done/ }).innerText()).toMatch(/2$/);
});

test('a line that comes stands in the list without reload, and the chosen one stays chosen', async () => {
  const { page, current, press } = await openBoard();
  await press('End');
  await expect.poll(() => bench.asked('BoardCounts')).toBeGreaterThan(1);
  const line = bench.books.bank.addLine({
    id: 'sl_new',
    bookedOn: '2026-11-20',
    valueOn: null,
    counterpartyName: 'Newcomer',
    reference: null,
    remittance: 'Hello',
    amount: euro('5.00'),
    statement: null,
    exceptionReason: 'NO_MATCH',
  });
  bench.books.tell('exceptionChanged', 'raised', bench.books.bank.exceptionOf(line));
  await expect.poll(() => page.getByRole('option', { name: 'Newcomer' }).isVisible()).toBe(true);
  expect(await current.innerText()).toContain('Freight Lindqvist');
});

test('the board shows how far the matcher is, and what it brought when it is done', async () => {
  const { page, current, press } = await openBoard();
  await press('j');
  await expect.poll(() => bench.asked('BoardCounts')).toBeGreaterThan(1);
  const { bank } = bench.books;
  bank.tellRun({ id: 'mrun_1', done: 340, total: 1200, suggested: 0, finishedAt: null });
  await page.getByText('Matching 340 of 1200').waitFor();
  bank.addLine({
    id: 'sl_quiet',
    bookedOn: '2026-11-20',
    valueOn: null,
    counterpartyName: 'Quiet one',
    reference: null,
    amount: euro('5.00'),
    statement: null,
  });
  bank.tellRun({ id: 'mrun_1', done: 1200, total: 1200, suggested: 7, finishedAt: '2026-11-21T12:00:00Z' });
  await expect.poll(() => page.getByRole('option', { name: 'Quiet one' }).count()).toBe(1);
  await page.getByText('7 suggested').first().waitFor();
  expect(await page.getByText('Matching 340').count()).toBe(0);
  expect(await current.innerText()).toContain('Studio Falk');
});

test.each([
  ['s', 'Find open items'],
  ['e', 'Account'],
  ['d', 'Why does Paper & Co. not belong to it?'],
  ['u', 'Accept every suggestion that is at least this sure'],
])('what %s opens has no accessibility faults', async (key, label) => {
  const { page, press } = await openBoard();
  await press(key);
  await page.getByLabel(label, { exact: true }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('in a narrow place list and line stand one above the other, and right to left they change sides', async () => {
  const { page } = await openBoard();
  const places = async (): Promise<{ x: number; y: number }[]> =>
    Promise.all(['.lines', '.side-pane'].map(async (part) => (await page.locator(part).boundingBox())!));
  const [list, side] = await places();
  expect([list!.y === side!.y, list!.x < side!.x]).toEqual([true, true]);
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  const [listRtl, sideRtl] = await places();
  expect(listRtl!.x).toBeGreaterThan(sideRtl!.x);
  await page.setViewportSize({ width: 420, height: 800 });
  await expect
    .poll(async () => {
      const [above, below] = await places();
      return [above!.x === below!.x, above!.y < below!.y];
    })
    .toEqual([true, true]);
});

test('without lines, while it loads, and where it fails or is not allowed, the board says so', async () => {
  bench.gateway.books = new SimulatedBooks();
  bench.books.bank.counted = true;
  const empty = await bench.open(element);
  await empty.getByText('No bank lines yet').waitFor();
  bench.gateway.faults.set('BoardLines', 'hang');
  const loading = await bench.open(element);
  await loading.getByRole('status').getByText('Loading').waitFor({ state: 'attached' });
  bench.gateway.faults.set('BoardLines', 'FORBIDDEN');
  const forbidden = await bench.open(element);
  await forbidden.getByText('Not part of this session').waitFor();
  bench.gateway.faults.set('BoardLines', 'INTERNAL');
  const before = bench.asked('BoardLines');
  const failed = await bench.open(element);
  // Three states are asked for, when the board starts and again when its live connection stands.
  await expect.poll(() => bench.asked('BoardLines')).toBe(before + 6);
  await failed.getByRole('alert').getByText('This could not be loaded').waitFor();
  const asked = bench.asked('BoardLines');
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => bench.asked('BoardLines')).toBeGreaterThan(asked);
  bench.gateway.faults.clear();
  // On a busy machine the board may be quicker to look by itself than a pointer is to click.
  await failed.evaluate(() => {
    const root = document.querySelector('cf-reconciliation-board')?.shadowRoot;
    root?.querySelector<HTMLElement>('[role=alert] button, .state button')?.click();
  });
  await failed.getByText('No bank lines yet').waitFor();
});
