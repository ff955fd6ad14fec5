import type { AccountType } from '../ledger/chart-of-accounts.ts';

/** How the movement of accounts becomes cash: which part of the cash-flow statement a group belongs to. */
export type CashFlowRole =
  | 'CASH'
  | 'RESULT'
  | 'WORKING_CAPITAL'
  | 'INVESTING'
  | 'FINANCING'
  | 'OPENING'
  | 'EXCHANGE';

/** What a line of the statements is: its words, the type its accounts have, its part in the cash-flow statement. */
interface Group {
  readonly label: string;
  readonly type: AccountType;
  readonly cashFlow: CashFlowRole;
}

const group = (type: AccountType, cashFlow: CashFlowRole, label: string): Group => ({
  type,
  cashFlow,
  label,
});

/** The lines of the statements accounts are put on, as data. */
export const accountGroups = {
  FIXED_ASSETS: group('ASSET', 'INVESTING', 'Fixed assets'),
  INVENTORY: group('ASSET', 'WORKING_CAPITAL', 'Inventory'),
  RECEIVABLES: group('ASSET', 'WORKING_CAPITAL', 'Trade receivables'),
  RECEIVABLES_REVALUATION: group('ASSET', 'EXCHANGE', 'Revaluation of receivables'),
  TAX_RECEIVABLE: group('ASSET', 'WORKING_CAPITAL', 'Tax receivable'),
  OTHER_CURRENT_ASSETS: group('ASSET', 'WORKING_CAPITAL', 'Other current assets'),
  CASH: group('ASSET', 'CASH', 'Cash and cash equivalents'),
  PAYABLES: group('LIABILITY', 'WORKING_CAPITAL', 'Trade payables'),
  PAYABLES_REVALUATION: group('LIABILITY', 'EXCHANGE', 'Revaluation of payables'),
  TAX_PAYABLE: group('LIABILITY', 'WORKING_CAPITAL', 'Tax payable'),
  OTHER_LIABILITIES: group('LIABILITY', 'WORKING_CAPITAL', 'Other liabilities'),
  BORROWINGS: group('LIABILITY', 'FINANCING', 'Borrowings'),
  CAPITAL: group('EQUITY', 'FINANCING', 'Capital'),
  RETAINED_EARNINGS: group('EQUITY', 'FINANCING', 'Retained earnings'),
  OPENING_BALANCES: group('EQUITY', 'OPENING', 'Balances brought forward'),
  REVENUE: group('INCOME', 'RESULT', 'Revenue'),
  OTHER_INCOME: group('INCOME', 'RESULT', 'Other operating income'),
  FINANCE_INCOME: group('INCOME', 'RESULT', 'Finance income'),
  EXCHANGE_GAINS: group('INCOME', 'RESULT', 'Exchange gains'),
  UNREALISED_GAINS: group('INCOME', 'RESULT', 'Unrealised exchange gains'),
  COST_OF_SALES: group('EXPENSE', 'RESULT', 'Cost of sales'),
  PERSONNEL: group('EXPENSE', 'RESULT', 'Personnel expenses'),
  DEPRECIATION: group('EXPENSE', 'RESULT', 'Depreciation'),
  OPERATING_EXPENSES: group('EXPENSE', 'RESULT', 'Other operating expenses'),
  FINANCE_COSTS: group('EXPENSE', 'RESULT', 'Finance costs'),
  EXCHANGE_LOSSES: group('EXPENSE', 'RESULT', 'Exchange losses'),
  UNREALISED_LOSSES: group('EXPENSE', 'RESULT', 'Unrealised exchange losses'),
  INCOME_TAX: group('EXPENSE', 'RESULT', 'Income taxes'),
} as const satisfies Readonly<Record<string, Group>>;

/** One line of the statements accounts are put on. */
export type AccountGroup = keyof typeof accountGroups;

/** All of them, in the order of the statements. */
export const accountGroupNames = Object.keys(accountGroups) as [AccountGroup, ...AccountGroup[]];

/** By first and last code, for the chart a new book gets; the first range that holds a code of the type decides. */
const ranges: readonly (readonly [first: string, last: string, group: AccountGroup])[] = [
  ['0000', '0999', 'FIXED_ASSETS'],
  ['1000', '1199', 'CASH'],
  ['1200', '1289', 'RECEIVABLES'],
  ['1290', '1299', 'RECEIVABLES_REVALUATION'],
  ['1400', '1499', 'TAX_RECEIVABLE'],
  ['1600', '1699', 'INVENTORY'],
  ['1800', '1899', 'CASH'],
  ['2000', '2089', 'PAYABLES'],
  ['2090', '2099', 'PAYABLES_REVALUATION'],
  ['2200', '2299', 'TAX_PAYABLE'],
  ['2310', '2319', 'TAX_PAYABLE'],
  ['2600', '2699', 'BORROWINGS'],
  ['3100', '3199', 'RETAINED_EARNINGS'],
  ['3900', '3999', 'OPENING_BALANCES'],
  ['4730', '4839', 'OTHER_INCOME'],
  ['4842', '4842', 'UNREALISED_GAINS'],
  ['4840', '4849', 'EXCHANGE_GAINS'],
  ['4900', '4999', 'FINANCE_INCOME'],
  ['5000', '5999', 'COST_OF_SALES'],
  ['6000', '6199', 'PERSONNEL'],
  ['6220', '6229', 'DEPRECIATION'],
  ['6842', '6842', 'UNREALISED_LOSSES'],
  ['6841', '6841', 'EXCHANGE_LOSSES'],
  ['7300', '7399', 'FINANCE_COSTS'],
  ['7600', '7699', 'INCOME_TAX'],
];

const otherwise: Readonly<Record<AccountType, AccountGroup>> = {
  ASSET: 'OTHER_CURRENT_ASSETS',
  LIABILITY: 'OTHER_LIABILITIES',
  EQUITY: 'CAPITAL',
  INCOME: 'REVENUE',
  EXPENSE: 'OPERATING_EXPENSES',
};

/** The line of an account nobody put on one: by its code as in the chart of a new book, otherwise by its type. */
export function usualGroup(account: { readonly code: string; readonly type: AccountType }): AccountGroup {
  const code = /^\d{4}$/.test(account.code) ? account.code : '';
  const found = ranges.find(
    ([first, last, name]) => code >= first && code <= last && accountGroups[name].type === account.type,
  );
  return found?.[2] ?? otherwise[account.type];
}

/** Whether a text names a line of the statements. */
export function isAccountGroup(name: string): name is AccountGroup {
  return Object.hasOwn(accountGroups, name);
}
