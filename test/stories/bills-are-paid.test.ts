import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { iban, mutate, openCompany, tryMutate, type Company } from '../support/company.ts';
import { camt054, pain002, type NotedMovement } from '../support/payments.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { postInvoice, trialBalance } from '../support/steps.ts';

const creditor = 'NL91ABNA0417164300';

interface OrderNow {
  readonly status: string;
  readonly messageId: string;
  readonly payments: { readonly edges: readonly { readonly node: PaymentNow }[] };
}
interface PaymentNow {
  readonly status: string;
  readonly reason: string | null;
  readonly endToEndId: string;
  readonly openItem: { readonly reference: string };
}

describe.each(modes)('bills are paid through the bank, in %s', (mode) => {
  let platform: Platform;
  let company: Company;
  let paymentOrderId: string;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
    for (const [at, number] of ['NH-1', 'NH-2', 'NH-3'].entries()) {
      await postInvoice(company, { number, net: 100 * (at + 1) });
    }
    const { vendors } = await company.owner.run<{ vendors: { edges: { node: { id: string } }[] } }>(
      '{ vendors(search: "Nordlicht") { edges { node { id } } } }',
    );
    await mutate(company.owner, 'addVendorBankDetail', {
      input: { vendorId: vendors.edges[0]?.node.id, bankDetail: { iban: creditor } },
    });
  });
  afterAll(() => platform?.stop());

  const orderNow = async (): Promise<OrderNow> =>
    (
      await company.owner.run<{ paymentOrder: OrderNow }>(
        `query ($id: ID!) { paymentOrder(id: $id) { status messageId payments { edges { node {
           status reason endToEndId openItem { reference } } } } } }`,
        { id: paymentOrderId },
      )
    ).paymentOrder;
  const until = (status: string) =>
    eventually(async () => {
      const now = await orderNow();
      return now.status === status ? now.payments.edges.map((edge) => edge.node) : undefined;
    });
  const notify = async (...movements: NotedMovement[]) => {
    const fileId = await company.submitter.upload('notice.xml', Buffer.from(camt054(movements, iban)));
    await mutate(company.submitter, 'importBankStatement', { input: { bookId: company.bookId, fileId } });
  };

  test('an order over what is due needs another person, and becomes a file for the bank', async () => {
    const { bookId, bankAccountId, submitter, approver, owner } = company;
    paymentOrderId = (await eventually(async () => {
      const answer = await tryMutate<{ paymentOrder: { id: string } | null }>(owner, 'createPaymentOrder', {
        input: { bookId, bankAccountId, dueUntil: '2099-12-31' },
        fields: 'paymentOrder { id }',
      });
      return answer.errors.length === 0 ? answer.paymentOrder?.id : undefined;
    })) as string;
    const input = { paymentOrderId };
    const own = await tryMutate(owner, 'approvePaymentOrder', { input });
    expect(own.errors.map((error) => error.code)).toEqual(['FOUR_EYES']);
    await mutate(approver, 'approvePaymentOrder', { input });
    const { file } = await mutate<{ file: { path: string; mediaType: string } }>(submitter, 'paymentFile', {
      input,
      fields: 'file { path mediaType }',
    });
    const response = await fetch(`${platform.url}${file.path}`, {
      headers: { authorization: `Bearer ${company.keys.submitter}` },
    });
    const text = await response.text();
    expect(text).toContain('<CtrlSum>714.00</CtrlSum>');
    expect(text).toContain(`<IBAN>${creditor}</IBAN>`);
    await mutate(submitter, 'markPaymentOrderSent', { input });
    expect((await orderNow()).status).toBe('SENT');
  });

  test('the bank refuses one, executes the others, and sends one of them back', async () => {
    const { messageId, payments } = await orderNow();
    const ids = payments.edges.map((edge) => edge.node.endToEndId);
    const [refused = '', paid = '', returned = ''] = ids;
    const report = pain002({
      messageId,
      group: 'PART',
      payments: [{ endToEndId: refused, status: 'RJCT', reason: 'AC04' }],
    });
    const fileId = await company.submitter.upload('status.xml', Buffer.from(report));
    await mutate(company.submitter, 'importPaymentStatus', { input: { bookId: company.bookId, fileId } });
    expect((await orderNow()).status).toBe('PART_ACCEPTED');

    const out = { on: '2026-10-20', creditor };
    await notify(
      { ...out, amount: '-238.00', endToEndIds: [paid], reference: 'B-1' },
      { ...out, amount: '-357.00', endToEndIds: [returned], reference: 'B-2' },
    );
    await until('EXECUTED');
    await eventually(async () => (await trialBalance(company)).balances['1000 EUR'] === '-595.00');

    const back = { amount: '357.00', on: '2026-10-22', endToEndIds: [returned], reference: 'B-3', creditor };
    await notify({ ...back, returned: { code: 'AC06' } });
    const now = await eventually(async () => {
      const { payments: all } = await orderNow();
      const list = all.edges.map((edge) => edge.node);
      return list.some(({ status }) => status === 'RETURNED') ? list : undefined;
    });
    expect(now?.map(({ status, reason }) => [status, reason])).toEqual([
      ['REJECTED', 'AC04: the account is closed.'],
      ['EXECUTED', null],
      ['RETURNED', 'AC06: the account is blocked.'],
    ]);
  });

  test('the journal and the open items say the same: one bill is paid, two are open', async () => {
    await eventually(async () => (await trialBalance(company)).balances['1000 EUR'] === '-238.00');
    const { balanced, balances } = await trialBalance(company);
    expect(balanced).toBe(true);
    expect(balances['2000 EUR']).toBe('-476.00');
    const { openItems } = await company.owner.run<{
      openItems: { edges: { node: { reference: string; payment: { status: string } } }[] };
    }>('query ($b: ID!) { openItems(bookId: $b) { edges { node { reference payment { status } } } } }', {
      b: company.bookId,
    });
    expect(openItems.edges.map(({ node }) => `${node.reference} ${node.payment.status}`).toSorted()).toEqual([
      'NH-1 REJECTED',
      'NH-3 RETURNED',
    ]);
    const { exceptions } = await company.owner.run<{ exceptions: { edges: { node: { reason: string } }[] } }>(
      'query ($b: ID!) { exceptions(bookId: $b, status: OPEN) { edges { node { reason } } } }',
      { b: company.bookId },
    );
    const reasons = exceptions.edges.map((edge) => edge.node.reason);
    expect(reasons).toEqual(expect.arrayContaining(['PAYMENT_REJECTED', 'PAYMENT_RETURNED']));
  });
});
