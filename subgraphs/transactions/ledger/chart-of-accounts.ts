import { expenseAccounts, otherExpenses, salesRevenue } from '../classification/accounts.ts';

/** What an account is in the balance sheet or the profit and loss statement. */
export const accountTypes = ['ASSET', 'LIABILITY', 'EQUITY', 'INCOME', 'EXPENSE'] as const;

/** One type of account. */
export type AccountType = (typeof accountTypes)[number];

/** An account of the chart a new book gets. */
export interface ChartAccount {
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
}

/** The account codes the ledger itself posts to, by what they are for. */
export const accountOf = {
  BANK: '1000',
  PROCESSOR_BALANCE: '1050',
  RECEIVABLE: '1200',
  INPUT_VAT: '1400',
  PAYABLE: '2000',
  OUTPUT_VAT: '2200',
  INPUT_VAT_REVERSE_CHARGE: '1410',
  OUTPUT_VAT_REVERSE_CHARGE: '2210',
  EMPLOYEE_PAYABLE: '2400',
  DEFAULT_INCOME: salesRevenue.code,
  DISCOUNT_RECEIVED: '4730',
  CURRENCY_EXCHANGE: '4840',
  REALISED_GAIN: '4841',
  UNREALISED_GAIN: '4842',
  REALISED_LOSS: '6841',
  UNREALISED_LOSS: '6842',
  DEFAULT_EXPENSE: otherExpenses.code,
  BANK_CHARGES: '6855',
  ROUNDING: '6990',
  SUSPENSE: '9999',
} as const;

const rows = (type: AccountType, text: string): ChartAccount[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [code = '', ...name] = line.trim().split(' ');
      return { code, name: name.join(' '), type };
    });

/** The chart of accounts of a new book: what a small company needs from its first day, in the order of the codes. */
export const chartOfAccounts: readonly ChartAccount[] = [
  ...rows(
    'ASSET',
    `0400 Equipment
     0650 Computers and office equipment
     1000 Bank account
     1010 Second bank account
     1050 Payment service provider balance
     1090 Revaluation of bank accounts
     1100 Petty cash
     1200 Trade receivables
     1290 Revaluation of trade receivables
     1300 Other receivables
     1400 Input VAT
     1410 Input VAT on reverse charge
     1500 Prepaid expenses
     1800 Money in transit`,
  ),
  ...rows(
    'LIABILITY',
    `2000 Trade payables
     2090 Revaluation of trade payables
     2100 Accrued expenses
     2200 Output VAT
     2210 Output VAT on reverse charge
     2250 VAT payable
     2300 Wages payable
     2310 Payroll taxes and social security payable
     2400 Employee expenses payable
     2500 Credit card
     2600 Loans
     2700 Deferred income`,
  ),
  ...rows(
    'EQUITY',
    `3000 Share capital
     3100 Retained earnings
     3200 Owner contributions and drawings
     3900 Opening balances`,
  ),
  ...rows(
    'INCOME',
    `${salesRevenue.code} ${salesRevenue.name}
     4450 Service revenue
     4730 Discounts received
     4800 Other income
     4840 Currency exchange
     4841 Realised exchange gains
     4842 Unrealised exchange gains
     4900 Interest income`,
  ),
  ...rows(
    'EXPENSE',
    `6000 Wages and salaries
     6110 Social security
     6220 Depreciation
     ${otherExpenses.code} ${otherExpenses.name}
     6841 Realised exchange losses
     6842 Unrealised exchange losses
     6990 Rounding differences
     7300 Interest expense
     7600 Income taxes`,
  ),
  ...expenseAccounts.map((account): ChartAccount => ({
    code: account.code,
    name: account.name,
    type: 'EXPENSE',
  })),
  ...rows('ASSET', '9999 Suspense'),
].toSorted((a, b) => (a.code < b.code ? -1 : 1));
