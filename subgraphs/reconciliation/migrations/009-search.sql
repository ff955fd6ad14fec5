-- Finding lines by words of their texts, amounts and days. The words stand beside the lines, not in them, because
-- lines change their state often and their words never do. Every word begins with its book, so that the index leads to
-- the lines of that book only.
create table reconciliation.line_words (
  organisation_id text not null,
  line_id text not null,
  book_id text not null,
  words tsvector not null,
  primary key (organisation_id, line_id),
  foreign key (organisation_id, line_id) references reconciliation.statement_line on delete cascade
);
create index line_words_words on reconciliation.line_words using gin (words);
select kernel.tenant_table('reconciliation.line_words', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.line_words');

-- The words of a line: those of its texts, its amount in digits after #, its day after @.
create function reconciliation.words_of(line reconciliation.statement_line) returns tsvector
language plpgsql stable set search_path = pg_catalog
as $$
declare
  texts text := lower(concat_ws(' ', line.counterparty_name, line.bank_reference, array_to_string(line.refs, ' '),
                                left(line.remittance, 2000)));
begin
  -- A word without end is no word; the index takes none of more than 2,046 bytes.
  if length(texts) > 64 then
    texts := regexp_replace(texts, '([[:alnum:]]{64})[[:alnum:]]+', '\1', 'g');
  end if;
  texts := regexp_replace(texts, '[^[:alnum:]]+', chr(31), 'g') || chr(31) || '#' || abs(line.minor)::text
           || chr(31) || '@' || line.booked_on::text;
  return array_to_tsvector(string_to_array(
    line.book_id || ' ' || replace(texts, chr(31), chr(31) || line.book_id || ' '), chr(31)));
end $$;

create function reconciliation.keep_line_words() returns trigger
language plpgsql
as $$
begin
  insert into reconciliation.line_words (organisation_id, line_id, book_id, words)
  select l.organisation_id, l.id, l.book_id, reconciliation.words_of(row(l.*)::reconciliation.statement_line) from fresh l;
  return null;
end $$;
create trigger keep_line_words after insert on reconciliation.statement_line
  referencing new table as fresh for each statement execute function reconciliation.keep_line_words();

create function reconciliation.change_line_words() returns trigger
language plpgsql
as $$
begin
  update reconciliation.line_words set words = reconciliation.words_of(new)
   where organisation_id = new.organisation_id and line_id = new.id;
  return null;
end $$;
create trigger change_line_words after update on reconciliation.statement_line
  for each row when ((old.minor, old.booked_on, old.counterparty_name, old.bank_reference, old.refs, old.remittance)
    is distinct from (new.minor, new.booked_on, new.counterparty_name, new.bank_reference, new.refs, new.remittance))
  execute function reconciliation.change_line_words();

insert into reconciliation.line_words (organisation_id, line_id, book_id, words)
select organisation_id, id, book_id, reconciliation.words_of(l) from reconciliation.statement_line l;

-- The lines of a book that have every one of these words: the beginning of a word of their texts, of the digits of their
-- amount, or of their day. Runs as the owner because the index cannot be used behind a policy; it looks at what the
-- policies would let through and nothing else.
create function reconciliation.lines_found(book text, search text) returns setof text
language sql stable security definer set search_path = pg_catalog
as $$
  with term as (
    -- Ids are letters, digits and underscores; nothing else may become part of the query's text.
    select t, regexp_replace(book, '[^[:alnum:]_]', '', 'g') as own, array_remove(regexp_split_to_array(t, '[^[:alnum:]]+'), '') as parts
      from regexp_split_to_table(lower(search), '\s+') as t
  ), wish as (
    select string_agg(concat('(', concat_ws(' | ',
             (select string_agg(quote_literal(concat(own, ' ', left(part, 64))) || ':*', ' & ') from unnest(parts) as part),
             case when t ~ '^[-+\u2212]?[0-9][0-9.,'']*$'
               then quote_literal(concat(own, ' #', ltrim(regexp_replace(t, '[^0-9]', '', 'g'), '0'))) || ':*' end,
             case when t ~ '^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$'
               then quote_literal(concat(own, ' @', t)) || ':*' end), ')'), ' & ')::tsquery as query
      from term where cardinality(parts) > 0
  )
  select w.line_id from wish, reconciliation.line_words w
   where w.words @@ wish.query and w.organisation_id = (select kernel.organisation()) and w.book_id = book
     and ((select kernel.book()) is null or w.book_id = (select kernel.book()))
$$;
revoke all on function reconciliation.lines_found from public;
grant execute on function reconciliation.lines_found to crossfoot_reconciliation;
