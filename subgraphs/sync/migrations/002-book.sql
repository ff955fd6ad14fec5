select kernel.book_table('sync.book', 'id');
select kernel.book_table('sync.posted_entry');
select kernel.book_table('sync.connection');

-- A run is asked for by its own id; its book is that of its connection, which hides by the policy above.
create policy book on sync.sync_run as restrictive
  using ((select kernel.book() is null) or exists (
    select 1 from sync.connection c
     where c.organisation_id = sync_run.organisation_id and c.id = sync_run.connection_id))
  with check (true);
