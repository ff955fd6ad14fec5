-- What is nearest to a day among lines or items of one amount, payer or party: read off an index on both sides of the
-- day, however many there are.
drop index reconciliation.statement_line_open_amount;
create index statement_line_open_amount on reconciliation.statement_line
  (organisation_id, book_id, currency, minor, booked_on, id)
  where status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held;
drop index reconciliation.statement_line_open_account;
create index statement_line_open_account on reconciliation.statement_line
  (organisation_id, book_id, counterparty_account_index, booked_on, id)
  where status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held and counterparty_account_index is not null;
drop index reconciliation.statement_line_open_name;
create index statement_line_open_name on reconciliation.statement_line
  (organisation_id, book_id, counterparty_name, booked_on, id)
  where status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held and counterparty_name is not null;
drop index reconciliation.open_item_amount;
create index open_item_amount on reconciliation.open_item
  (organisation_id, book_id, currency, open_minor, issued_on, id) where open_minor <> 0;
drop index reconciliation.open_item_party;
create index open_item_party on reconciliation.open_item
  (organisation_id, book_id, party_key, (open_minor < 0), issued_on, id) where open_minor <> 0;

-- Open items no run has looked at yet. They stand beside the items, not in them: a first run has looked at hundreds of
-- thousands at once, and to note that in each of them would write all of their indexes anew.
create table reconciliation.due_item (
  organisation_id text not null,
  book_id text not null,
  open_item_id text not null,
  primary key (organisation_id, book_id, open_item_id)
);
select kernel.tenant_table('reconciliation.due_item', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.due_item');
insert into reconciliation.due_item (organisation_id, book_id, open_item_id)
select organisation_id, book_id, id from reconciliation.open_item where looked_at is null and open_minor <> 0;
alter table reconciliation.open_item drop column looked_at;

create function reconciliation.note_due_items() returns trigger
language plpgsql
as $$
begin
  insert into reconciliation.due_item (organisation_id, book_id, open_item_id)
  select organisation_id, book_id, id from fresh;
  return null;
end $$;
create trigger note_due_items after insert on reconciliation.open_item
  referencing new table as fresh for each statement execute function reconciliation.note_due_items();

-- A database plans for tables of which it has seen nothing as if any two conditions left a single row, and then takes
-- any index: the tens of thousands of rows of a first import are gone through for each of its lines. So it is told from
-- the beginning how many values columns have, below 0 as a share of the rows, until it has looked for itself.
do $$
declare
  known record;
begin
  for known in
    select t.relname::text, a.attname::text, v.many, v.missing
      from (values ('organisation_id', 1, 0), ('book_id', 1, 0), ('bank_account_id', 2, 0), ('statement_id', 20, 0),
                   ('status', 4, 0), ('reason', 10, 0), ('kind', 2, 0), ('currency', 3, 0), ('looked_at', 50, 0.5),
                   ('booked_on', 500, 0), ('issued_on', 500, 0), ('minor', -0.1, 0), ('open_minor', -0.1, 0),
                   ('counterparty_name', -0.1, 0.1), ('counterparty_account_index', -0.1, 0.3), ('party_key', -0.02, 0),
                   ('id', -1, 0), ('identity', -1, 0), ('target', -1, 0), ('line_id', -1, 0), ('match_id', -0.8, 0),
                   ('open_item_id', -0.5, 0), ('key', -0.5, 0), ('word', -0.5, 0), ('payout_id', -0.1, 0.9),
                   ('journal_entry_id', -1, 0.1)) as v (column_name, many, missing)
      join pg_attribute a on a.attname = v.column_name and not a.attisdropped
      join pg_class t on t.oid = a.attrelid and t.relkind = 'r' and t.relnamespace = 'reconciliation'::regnamespace
     where not exists (select from pg_stats s where s.schemaname = 'reconciliation' and s.tablename = t.relname)
  loop
    perform pg_restore_attribute_stats('schemaname', 'reconciliation', 'relname', known.relname,
      'attname', known.attname, 'inherited', false, 'null_frac', known.missing::real, 'avg_width', 16,
      'n_distinct', known.many::real);
  end loop;
end $$;
