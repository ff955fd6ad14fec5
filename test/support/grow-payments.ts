import { mutate, tryMutate, type Company } from './company.ts';
import { eventually } from './eventually.ts';
import { postInvoice } from './steps.ts';

/** Whose bills are paid, and to where. */
const vendor = { name: 'Nordlicht Hosting GmbH', iban: 'NL91ABNA0417164300' };

/** A payment order more, made by one and approved by another, of what is open of a vendor by then. */
export async function growPayments(company: Company, round: number): Promise<void> {
  const { owner, submitter, approver, bookId, bankAccountId } = company;
  await postInvoice(company, { number: `PAY ${round}`, net: 200 + round });
  const { vendors } = await owner.run<{ vendors: { edges: { node: { id: string } }[] } }>(
    'query ($name: String!) { vendors(search: $name) { edges { node { id } } } }',
    { name: vendor.name },
  );
  await mutate(owner, 'addVendorBankDetail', {
    input: { vendorId: vendors.edges[0]?.node.id, bankDetail: { iban: vendor.iban } },
  });
  // The bill and the account come by events.
  const paymentOrderId = await eventually(async () => {
    const answer = await tryMutate<{ paymentOrder: { id: string } | null }>(submitter, 'createPaymentOrder', {
      input: { bookId, bankAccountId, dueUntil: '2099-12-31' },
      fields: 'paymentOrder { id }',
    });
    return answer.paymentOrder?.id;
  });
  await mutate(approver, 'approvePaymentOrder', { input: { paymentOrderId } });
  await mutate(submitter, 'paymentFile', { input: { paymentOrderId } });
}
