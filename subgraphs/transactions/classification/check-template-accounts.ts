import { userError, type UserError } from '#kernel/errors';
import type { CompiledTemplate, CompiledValue } from './compile-template.ts';
import type { PostingKind } from './template.ts';

/** An account of a book, as far as a template needs to know it. */
export interface BookAccount {
  readonly code: string;
  readonly type: string;
  readonly active: boolean;
}

/**
 * What is wrong with the accounts a template names, in one book: unknown and inactive ones, and accounts of another type
 * than the posting kind. Accounts that an expression gives are known only when it is asked.
 */
export function checkTemplateAccounts(
  template: CompiledTemplate,
  accounts: ReadonlyMap<string, BookAccount>,
): UserError[] {
  const errors: UserError[] = [];
  const check = (value: CompiledValue | undefined, path: readonly string[], posting?: PostingKind): void => {
    if (!value || !('text' in value)) return;
    const account = accounts.get(value.text);
    const where = path.join('.');
    if (!account) {
      errors.push(userError('ACCOUNT_UNKNOWN', `${where}: the book has no account ${value.text}`, path));
    } else if (!account.active) {
      errors.push(userError('ACCOUNT_INACTIVE', `${where}: account ${value.text} is inactive`, path));
    } else if (posting !== undefined && account.type !== posting) {
      const message = `${where}: account ${value.text} is of type ${account.type}, the rule posts ${posting}`;
      errors.push(userError('TEMPLATE_INVALID', message, path));
    }
  };
  for (const [role, code] of Object.entries(template.accounts)) check({ text: code }, ['accounts', role]);
  template.rules.forEach((rule, index) => {
    const path = ['rules', String(index)];
    check(rule.account, [...path, 'account'], rule.posting);
    check(rule.taxAccount, [...path, 'taxAccount']);
    check(rule.against, [...path, 'against']);
    rule.lines?.forEach((line, place) =>
      check(line.account, [...path, 'lines', String(place), line.side.toLowerCase()]),
    );
  });
  return errors;
}
