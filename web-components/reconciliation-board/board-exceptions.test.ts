import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../test/support/chromium.ts';
import { accessibilityFaults, Bench, heard } from '../test-support/bench.ts';
import { boardBooks } from '../test-support/board-books.ts';
import { openBoardOf, type OpenedBoard } from '../test-support/open-board.ts';
import { people } from '../test-support/simulated-entities.ts';
import type { SimulatedLine } from '../test-support/simulated-line.ts';

/** What needs a person, dealt with on the board by keyboard. */
let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(launchChromium);
});
beforeEach(async () => {
  await bench.reset();
  bench.gateway.books = boardBooks();
});
afterAll(() => bench.stop());

/** The exceptions, at the one so many rows down. */
async function openException(down: number): Promise<OpenedBoard> {
  const opened = await openBoardOf(bench, 'show="exceptions"');
  for (let step = 0; step < down; step += 1) await opened.press('j');
  await opened.side.getByRole('list', { name: 'What can be done' }).waitFor();
  return opened;
}

const [short, twice, parking] = [0, 1, 2];
const commands = (): string[] => bench.books.calls.map(({ command }) => command);
const inputOf = (command: string) => bench.books.calls.find((call) => call.command === command)?.input;
const lineOf = (id: string): SimulatedLine => bench.books.bank.lines.find((line) => line.id === id)!;

test('an exception says why, how urgent, by when and whose it is, and what is late says so in words', async () => {
  const { page, side } = await openException(short);
  const card = side.locator('[part=exception]');
  expect((await card.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
    /Amount differs High Overdue, 2 ?d.* ago SI-2026-045 is open .* Ana Lindqvist looks after it · escalated/,
  );
  expect(await card.innerText()).toContain('They take 2 % if they pay within ten days.');
  expect(await page.getByRole('option', { name: 'Hafen Café' }).innerText()).toMatch(
    /Overdue · Amount differs/,
  );
});

test('each way out shows its number, what it pays, what goes to an account and what stays open', async () => {
  const { side } = await openException(short);
  const ways = await side.locator('[part=way]').allInnerTexts();
  expect(ways.map((way) => way.replaceAll(/\s+/g, ' '))).toEqual([
    '1 Match with SI-2026-045 and book the difference of 12.00 EUR to 4730. Nothing stays open €600.00 −€12.00 to 4730',
    '2 Match with SI-2026-045; 12.00 EUR stays open. €588.00',
    expect.stringMatching(/^3 Ask Hafen Café/),
  ]);
});

test('one key carries a way out out, the next exception is current at once, and Z takes the match back', async () => {
  const { page, current, press } = await openException(twice);
  await press('2');
  await expect.poll(commands).toContain('applyResolution');
  expect(inputOf('applyResolution')).toMatchObject({ exceptionId: 'ex_sl_twice', proposalId: 'match-2' });
  await expect.poll(() => current.innerText()).toContain('Parkhaus Mitte');
  await page.getByText('Matched Café Vela.').first().waitFor();
  expect((await heard(page, 'cf-decided')).at(-1)?.detail).toEqual({ verdict: 'match', lines: ['sl_twice'] });
  await press('z');
  await expect.poll(commands).toContain('undoMatches');
  await expect.poll(() => bench.books.bank.statusOf(lineOf('sl_twice'))).toBe('EXCEPTION');
});

test('what is refused goes back to what it was, with the reason', async () => {
  const { page, press } = await openException(twice);
  bench.books.bank.exceptions.factsOf('sl_twice').proposals = [];
  await press('1');
  await page.getByRole('alert').getByText('Café Vela: somebody else has decided this already.').waitFor();
  await expect.poll(() => page.getByRole('option', { name: 'Café Vela' }).innerText()).toContain('Ambiguous');
});

test('a rule is shown with its back-test before it is made', async () => {
  const { page, side, press } = await openException(parking);
  expect(await side.locator('[part=exception]').innerText()).toContain('like 14 earlier lines');
  await press('1');
  const form = page.locator('[part=rule]');
  await form.getByText('Book payments to Parkhaus Mitte to 4530').waitFor();
  expect((await form.innerText()).replaceAll(/\s+/g, ' ')).toContain('11 right 0 wrong 3 left to a person');
  expect(commands()).toEqual([]);
  await press('Enter');
  await expect.poll(() => inputOf('applyResolution')).toMatchObject({ proposalId: 'rule-1' });
  await expect.poll(() => bench.books.bank.statusOf(lineOf('sl_parking'))).toBe('BOOKED');
  await page.getByText('Made a rule and booked Parkhaus Mitte.').first().waitFor();
  await press('z');
  await page.getByRole('alert').getByText('The rule stays in force until it is retired.').waitFor();
});

test('a rule that nobody wants is not proposed again', async () => {
  const { page, side, press } = await openException(parking);
  await press('1');
  await page.getByRole('button', { name: 'No such rule' }).click();
  await expect.poll(() => inputOf('declineRuleProposal')).toMatchObject({ proposalId: 'rp_1' });
  await expect.poll(() => side.locator('[part=way]').count()).toBe(3);
  expect(await side.locator('[part=way]').first().innerText()).toContain('Book 89.00 EUR to 4530');
});

test('Q asks with a draft that can be changed, and the exception waits until the day', async () => {
  const { page, side, press } = await openException(twice);
  await press('q');
  const message = page.getByLabel('What do you ask Café Vela?');
  expect(await message.inputValue()).toContain('please tell us which of them');
  await message.fill('Which visit was it?');
  await page.getByLabel('Come back on').fill('2030-01-31');
  await page.getByRole('button', { name: 'Note as asked' }).click();
  await expect
    .poll(() => inputOf('applyResolution'))
    .toMatchObject({
      proposalId: 'ask',
      message: 'Which visit was it?',
      followUpOn: '2030-01-31',
    });
  await side.locator('[part=comments]').getByText('Which visit was it?').waitFor();
  expect(await side.locator('[part=due]').innerText()).toContain('Asked, back Jan 31, 2030');
});

test('C comments, O takes over, and whoever looks after it already is told so', async () => {
  const { page, side, press } = await openException(short);
  await press('c');
  await page.getByLabel('What is to be known about Hafen Café?').waitFor();
  await page.keyboard.type('Called them, coz');
  await press('Enter');
  await side.locator('[part=comments]').getByText('Called them, coz').waitFor();
  await press('o');
  await expect.poll(() => inputOf('assignException')).toMatchObject({ memberId: people.ravi.id });
  await side.getByText('Ravi Menon looks after it').waitFor();
  await press('o');
  await page.getByRole('alert').getByText('You look after it already.').waitFor();
  expect(commands()).toEqual(['commentException', 'assignException']);
});

test('R closes an exception in own words, and the line is open again', async () => {
  const { page, press } = await openException(parking);
  await press('r');
  await page.getByLabel('How was Parkhaus Mitte dealt with?').waitFor();
  await page.keyboard.type('Paid privately');
  await press('Enter');
  await expect.poll(() => inputOf('resolveException')).toMatchObject({ resolution: 'Paid privately' });
  await expect.poll(() => page.getByRole('option', { name: 'Parkhaus Mitte' }).innerText()).toContain('Open');
});

test('what a line without exception cannot do is said', async () => {
  const { page, press } = await openBoardOf(bench, 'show="open"');
  await page.locator('[part=line-head]').waitFor();
  await press('c');
  await page.getByRole('alert').getByText('Bank has no exception.').waitFor();
  expect(commands()).toEqual([]);
});

test('what somebody else says of the exception appears by itself', async () => {
  const { side } = await openException(twice);
  await expect.poll(() => bench.asked('BoardCounts')).toBeGreaterThan(1);
  const { bank } = bench.books;
  bank.exceptions.factsOf('sl_twice').comments.push({
    id: 'exc_9',
    kind: 'COMMENT',
    text: 'It was the second visit',
    authorName: people.ana.name,
    writtenAt: new Date().toISOString(),
  });
  bench.books.tell('exceptionChanged', 'commented', bank.exceptionOf(lineOf('sl_twice')));
  await side.getByText('It was the second visit').waitFor();
});

test.each([
  ['', 'What can be done'],
  ['c', 'What is to be known about Parkhaus Mitte?'],
  ['q', 'What do you ask Parkhaus Mitte?'],
  ['1', 'How it would have done'],
])('an exception after %j has no accessibility faults, in light and in dark', async (key, text) => {
  const { page, press } = await openException(parking);
  if (key) await press(key);
  if (key) await page.locator('.ask').getByText(text).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  expect(await accessibilityFaults(page)).toEqual([]);
});
