import PDFDocument from 'pdfkit';
import { CrossfootError } from '#kernel/errors';
import { formatMoney } from '#kernel/money';
import type { ReportTable, TableCell, TableColumn, TableRow } from '#kernel/report-table';

/** More rows make no readable print. */
const mostRows = 20_000;
const margin = 48;
const ink = '#171a21';
const faint = '#566072';
const accent = '#1d5bd6';
const line = '#dfe3e9';
const regular = 'Helvetica';
const bold = 'Helvetica-Bold';

interface Placed extends TableColumn {
  readonly x: number;
  readonly width: number;
}

interface Sheet {
  readonly pdf: PDFKit.PDFDocument;
  readonly table: ReportTable;
  readonly columns: readonly Placed[];
  readonly size: number;
  readonly rowHeight: number;
}

/**
 * A table as a printed report on A4, lying when it is wide: amounts to the right under each other, totals ruled off,
 * the head of the table on every page, page numbers below. Throws REPORT_UNSUITABLE.
 */
export async function renderPdf(table: ReportTable, options: { readonly madeAt: Date }): Promise<Uint8Array> {
  const lying = table.columns.length > 5;
  const pdf = new PDFDocument({
    size: 'A4',
    layout: lying ? 'landscape' : 'portrait',
    margins: { top: margin, bottom: 0, left: margin, right: margin },
    bufferPages: true,
    info: { Title: table.title, Author: table.owner, Creator: 'Crossfoot', CreationDate: options.madeAt },
  });
  const chunks: Uint8Array[] = [];
  const finished = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  const size = table.columns.length > 8 ? 7 : 9;
  const sheet: Sheet = { pdf, table, columns: place(table.columns, pdf), size, rowHeight: size * 1.75 };
  drawTitle(sheet);
  drawHead(sheet);
  let count = 0;
  for await (const row of table.rows) {
    if ((count += 1) > mostRows) {
      pdf.end();
      throw new CrossfootError(
        'REPORT_UNSUITABLE',
        `A print takes ${mostRows} rows of this report; export it as CSV`,
      );
    }
    drawRow(sheet, row);
  }
  drawNotes(sheet);
  drawFeet(sheet, options.madeAt);
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}

function place(columns: readonly TableColumn[], pdf: PDFKit.PDFDocument): Placed[] {
  const gap = 8;
  const width = pdf.page.width - 2 * margin - gap * (columns.length - 1);
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x = margin;
  return columns.map((column) => {
    const placed = { ...column, x, width: (width * column.share) / shares };
    x += placed.width + gap;
    return placed;
  });
}

function drawTitle({ pdf, table }: Sheet): void {
  pdf.font(bold).fontSize(9).fillColor(accent).text(printable(table.owner), margin, margin);
  pdf
    .font(bold)
    .fontSize(20)
    .fillColor(ink)
    .text(printable(table.title), margin, pdf.y + 4);
  pdf
    .font(regular)
    .fontSize(9)
    .fillColor(faint)
    .text(printable(table.subtitle), margin, pdf.y + 2);
  pdf.y += 14;
}

function drawHead({ pdf, columns, size, rowHeight }: Sheet): void {
  pdf
    .font(bold)
    .fontSize(size - 1)
    .fillColor(faint);
  const top = pdf.y;
  const heights = columns.map(({ label, width }) => pdf.heightOfString(printable(label) || ' ', { width }));
  const height = Math.max(...heights);
  columns.forEach(({ label, kind, x, width }, at) => {
    const align = kind === 'MONEY' ? 'right' : 'left';
    pdf.text(printable(label), x, top + height - (heights[at] ?? 0), { width, align });
  });
  pdf.y = top + height + 4;
  rule(pdf, { at: pdf.y, color: ink, thickness: 0.8 });
  pdf.y += rowHeight * 0.3;
}

function drawRow(sheet: Sheet, row: TableRow): void {
  const { pdf, columns, size, rowHeight } = sheet;
  const space = row.kind === 'HEADING' ? rowHeight * 0.6 : 0;
  // A title does not stand alone at the foot of a page.
  const needed = space + rowHeight * (row.kind === 'HEADING' ? 3 : 1);
  if (pdf.y + needed > pdf.page.height - margin - 14) {
    pdf.addPage();
    drawHead(sheet);
  } else pdf.y += space;
  const top = pdf.y;
  const strong = row.kind === 'TOTAL' || row.kind === 'HEADING';
  if (row.kind === 'TOTAL') rule(pdf, { at: top, color: ink, thickness: 0.5 });
  pdf
    .font(strong ? bold : regular)
    .fontSize(size)
    .fillColor(colorOf(row));
  columns.forEach((column, at) =>
    drawCell(sheet, { column, cell: row.cells[at] ?? null, top, depth: at === 0 ? row.depth : 0 }),
  );
  if (row.kind === 'LINE') rule(pdf, { at: top + rowHeight, color: line, thickness: 0.4 });
  pdf.y = top + rowHeight;
}

function drawCell(
  { pdf, size, rowHeight }: Sheet,
  { column, cell, top, depth }: { column: Placed; cell: TableCell; top: number; depth: number },
): void {
  if (cell === null || cell === '') return;
  const y = top + (rowHeight - size) / 2;
  if (typeof cell === 'string') {
    const indent = depth * size * 1.2;
    const width = column.width - indent;
    pdf.text(shortened(pdf, printable(cell), width), column.x + indent, y, { lineBreak: false });
  } else {
    const written = grouped(formatMoney(cell));
    // Placed by its own width: an amount is never cut or broken, and the last digits stand under each other.
    pdf.text(written, column.x + column.width - pdf.widthOfString(written), y, { lineBreak: false });
  }
}

function colorOf({ kind, cells }: TableRow): string {
  if (kind !== 'CHECK') return kind === 'ACCOUNT' ? faint : ink;
  return cells.some((cell) => cell !== null && typeof cell !== 'string' && cell.minor !== 0n)
    ? '#b3261e'
    : faint;
}

function drawNotes({ pdf, table }: Sheet): void {
  pdf.font(regular).fontSize(8).fillColor(faint);
  for (const note of table.notes) {
    if (pdf.y > pdf.page.height - margin - 30) pdf.addPage();
    pdf.text(printable(note), margin, pdf.y + 8, { width: pdf.page.width - 2 * margin });
  }
}

function drawFeet({ pdf, table }: Sheet, madeAt: Date): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let at = start; at < start + count; at += 1) {
    pdf.switchToPage(at);
    const y = pdf.page.height - margin + 8;
    rule(pdf, { at: y - 6, color: line, thickness: 0.5 });
    pdf.font(regular).fontSize(8).fillColor(faint);
    const made = `${printable(table.owner)} · ${table.title} · made ${madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    pdf.text(made, margin, y, { lineBreak: false });
    const page = `${at - start + 1} / ${count}`;
    pdf.text(page, pdf.page.width - margin - pdf.widthOfString(page), y, { lineBreak: false });
  }
}

function rule(
  pdf: PDFKit.PDFDocument,
  { at, color, thickness }: { at: number; color: string; thickness: number },
): void {
  pdf
    .moveTo(margin, at)
    .lineTo(pdf.page.width - margin, at)
    .lineWidth(thickness)
    .strokeColor(color)
    .stroke();
}

/** 1234567.89 as 1,234,567.89, with a minus as wide as a digit. */
function grouped(amount: string): string {
  const [whole = '', decimals] = amount.split('.');
  const grouping = whole.replace(/\B(?=(\d{3})+$)/g, ',').replace('-', '–');
  return decimals === undefined ? grouping : `${grouping}.${decimals}`;
}

function shortened(pdf: PDFKit.PDFDocument, text: string, width: number): string {
  if (pdf.widthOfString(text) <= width) return text;
  let end = text.length;
  while (end > 0 && pdf.widthOfString(`${text.slice(0, end)}…`) > width) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** The fonts every reader of PDF has know Western European letters: others lose their marks, or become question marks. */
function printable(text: string): string {
  return Array.from(text.normalize('NFC'))
    .map((sign) => (western.test(sign) ? sign : (plainLetter(sign) ?? '?')))
    .join('');
}

const western = /^[\u0020-\u007e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]$/u;

/** Letters with a stroke, which no form of Unicode takes apart. */
const stroked: Readonly<Record<string, string>> = {
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  ı: 'i',
  Ħ: 'H',
  ħ: 'h',
  Ŧ: 'T',
  ŧ: 't',
};

function plainLetter(sign: string): string | undefined {
  const [letter = ''] = stroked[sign] ?? sign.normalize('NFD');
  return western.test(letter) ? letter : undefined;
}
