import { formatMoney, money } from '#kernel/money';
import type { Services } from '#kernel/services';
import { benchActor } from '../bench-book.ts';
import { blocks } from '../import-file.ts';
import type { BankRow } from './rows.ts';

/** Lines of one file. */
const chunk = 10_000;

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function* csvLines(lines: readonly BankRow[]): Generator<string> {
  yield 'Booked;Value;Amount;Currency;Name;Account;Reference;Text\n';
  for (const line of lines) {
    const amount = formatMoney(money(BigInt(line.amount), line.currency));
    const [name, text, reference] = [line.name, line.text, line.e2e ?? ''].map(quoted);
    yield `${line.date};${line.value_date};${amount};${line.currency};${name};${line.iban ?? ''};${reference};${text}\n`;
  }
}

/** Stores bank lines as CSV files and answers their ids. */
export async function storeFiles(services: Services, lines: readonly BankRow[]): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < lines.length; from += chunk) {
    const content = blocks(csvLines(lines.slice(from, from + chunk)));
    const name = `statement-${from}.csv`;
    const file = await services.files.put(benchActor.organisationId, content, {
      name,
      mediaType: 'text/csv',
    });
    ids.push(file.id);
  }
  return ids;
}
