-- The line of the statements an account was put on by hand; an account without a row goes by its code and type.
create table transactions.account_group (
  organisation_id text not null,
  account_id text not null,
  book_id text not null,
  report_group text not null check (report_group ~ '^[A-Z][A-Z_]{2,39}$'),
  assigned_at timestamptz not null,
  primary key (organisation_id, account_id),
  foreign key (organisation_id, account_id) references transactions.account,
  foreign key (organisation_id, book_id) references transactions.book
);
create index account_group_of_book on transactions.account_group (book_id);
select kernel.tenant_table('transactions.account_group', 'crossfoot_transactions');
select kernel.book_table('transactions.account_group');
