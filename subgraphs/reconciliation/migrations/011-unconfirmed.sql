-- How long a bank may take to say something of a payment, in working days, before somebody is told.
alter table reconciliation.payer add confirm_within int not null default 3 check (confirm_within between 1 and 30);
create index payment_line_unconfirmed on reconciliation.payment_line (organisation_id, book_id, order_id)
  where status = 'SENT';

-- Books with payments that were sent a day ago or longer and of which nothing was heard, of all organisations.
create function reconciliation.books_unconfirmed() returns table (organisation_id text, book_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select distinct o.organisation_id, o.book_id
    from reconciliation.payment_line p
    join reconciliation.payment_order o on o.organisation_id = p.organisation_id and o.id = p.order_id
   where p.status = 'SENT' and o.sent_at <= now() - interval '1 day'
     and not exists (select 1 from reconciliation.exception e
                      where e.organisation_id = o.organisation_id and e.target = o.id || ' PAYMENT_UNCONFIRMED'
                        and (e.status = 'OPEN' or e.resolved_by is not null))
$$;
revoke all on function reconciliation.books_unconfirmed from public;
grant execute on function reconciliation.books_unconfirmed to crossfoot_reconciliation;
