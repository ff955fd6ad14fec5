-- The days around the end of a month on which the configuration of a book stands still, as the ledger tells of them.
create table approvals.configuration_freeze (
  organisation_id text not null,
  book_id text not null,
  days_before int not null,
  days_after int not null,
  overridden_until timestamptz,
  primary key (organisation_id, book_id)
);
select kernel.tenant_table('approvals.configuration_freeze', 'crossfoot_approvals');
select kernel.book_table('approvals.configuration_freeze');
