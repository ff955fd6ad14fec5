-- Some callers work in one book only: for them no row of another book exists, whatever they ask and however they come
-- to it. The organisation's own policy goes on holding; this one can only take away.

-- The only book of the running transaction; null for those who work in all books of their organisation.
create function kernel.book() returns text
language sql stable parallel safe
as $$ select nullif(current_setting('crossfoot.book', true), '') $$;

-- Restricts a table to the book of the transaction, by the column that names the row's book. The question whether there
-- is such a book stands in a subselect of its own: it is then asked once, and the planner does not take it for a filter.
create function kernel.book_table(target regclass, book_column name default 'book_id') returns void
language plpgsql
as $$
declare
  own text := format('(select kernel.book() is null) or %I = (select kernel.book())', book_column);
begin
  execute format('create policy book on %s as restrictive using (%s) with check (%s)', target, own, own);
end $$;
