-- Mapping templates: which accounts, tax codes and dimensions documents and transactions get, as versioned data that was
-- tested and approved; tables their expressions look things up in; and the transactions that were recorded by them.

create table transactions.mapping_template (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  -- As in the file: retail-pos.
  name text not null check (name ~ '^[a-z][a-z0-9-]{1,59}$'),
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book
);
create unique index mapping_template_name on transactions.mapping_template (book_id, name, organisation_id);
select kernel.tenant_table('transactions.mapping_template', 'crossfoot_transactions');
select kernel.book_table('transactions.mapping_template');

create table transactions.mapping_template_version (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  template_id text not null,
  number int not null check (number > 0),
  status text not null check (status in ('DRAFT', 'TESTED', 'APPROVED', 'ACTIVE', 'RETIRED')),
  title text not null,
  priority int not null,
  -- SHA-256 of the content, however its file is laid out.
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  content jsonb not null,
  -- The file as it was handed in, comments included.
  source text not null,
  author_id text not null,
  author_name text not null,
  -- Which days the version decides for while it is active; null is without bound.
  effective_from date,
  effective_until date,
  created_at timestamptz not null,
  tested_at timestamptz,
  approved_by_id text,
  approved_by_name text,
  approved_at timestamptz,
  activated_at timestamptz,
  retired_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, template_id) references transactions.mapping_template,
  check (effective_from <= effective_until),
  -- Whoever approves a version is somebody other than its author.
  check (approved_by_id <> author_id),
  check (status not in ('APPROVED', 'ACTIVE') or approved_by_id is not null),
  check (status <> 'ACTIVE' or activated_at is not null)
);
create unique index mapping_template_version_number
  on transactions.mapping_template_version (template_id, number, organisation_id);
create unique index mapping_template_version_content
  on transactions.mapping_template_version (template_id, content_hash, organisation_id);
create index mapping_template_version_active on transactions.mapping_template_version (book_id, priority)
  where status = 'ACTIVE';
create index mapping_template_version_of_book on transactions.mapping_template_version (book_id, id);
select kernel.tenant_table('transactions.mapping_template_version', 'crossfoot_transactions');
select kernel.book_table('transactions.mapping_template_version');

-- What a version says is never changed, because it explains what was decided by it; and two versions of a template
-- are never active for one day.
create function transactions.keep_template_version() returns trigger
language plpgsql
as $$
begin
  if tg_op in ('DELETE', 'TRUNCATE') or (tg_op = 'UPDATE' and
     (new.organisation_id, new.id, new.book_id, new.template_id, new.number, new.title, new.priority, new.content_hash,
      new.content, new.source, new.author_id, new.created_at)
     is distinct from
     (old.organisation_id, old.id, old.book_id, old.template_id, old.number, old.title, old.priority, old.content_hash,
      old.content, old.source, old.author_id, old.created_at)) then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'Versions of templates are never changed or removed: save a new version, or retire this one';
  end if;
  if tg_op = 'UPDATE' and new.status <> old.status and not (old.status, new.status) in
     (('DRAFT', 'TESTED'), ('DRAFT', 'RETIRED'), ('TESTED', 'APPROVED'), ('TESTED', 'RETIRED'),
      ('APPROVED', 'ACTIVE'), ('APPROVED', 'RETIRED'), ('ACTIVE', 'RETIRED'), ('RETIRED', 'ACTIVE')) then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = format('A template version cannot become %s after %s', new.status, old.status);
  end if;
  if new.status = 'ACTIVE' then
    perform 1 from transactions.mapping_template t
      where t.organisation_id = new.organisation_id and t.id = new.template_id for no key update;
    perform 1 from transactions.mapping_template_version v
     where v.template_id = new.template_id and v.organisation_id = new.organisation_id and v.id <> new.id
       and v.status = 'ACTIVE'
       and daterange(v.effective_from, v.effective_until, '[]') && daterange(new.effective_from, new.effective_until, '[]')
     limit 1;
    if found then
      raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
        message = 'Another version of the template is active on some of these days';
    end if;
  end if;
  return new;
end $$;
create trigger template_version_kept before insert or update or delete on transactions.mapping_template_version
  for each row execute function transactions.keep_template_version();
create trigger template_version_table_kept before truncate on transactions.mapping_template_version
  for each statement execute function transactions.keep_template_version();
revoke delete, truncate on transactions.mapping_template_version from crossfoot_transactions;

-- Tables that expressions look things up in. An upload is a revision; on a day the latest revision counts whose days
-- hold that day.
create table transactions.lookup_table (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  name text not null check (name ~ '^[a-z][A-Za-z0-9-]{0,59}$'),
  revision int not null check (revision > 0),
  valid_from date,
  valid_until date,
  entry_count int not null,
  -- Values by key; read once per process, because a revision never changes.
  entries jsonb not null,
  content_hash text not null,
  author_name text not null,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  check (valid_from <= valid_until)
);
create unique index lookup_table_revision on transactions.lookup_table (book_id, name, revision, organisation_id);
select kernel.tenant_table('transactions.lookup_table', 'crossfoot_transactions');
select kernel.book_table('transactions.lookup_table');
select kernel.append_only('transactions.lookup_table', 'crossfoot_transactions');

-- Which version and rule decided a draft.
alter table transactions.draft
  add template_version_id text,
  add template_rule text,
  add foreign key (organisation_id, template_version_id) references transactions.mapping_template_version;
create index draft_of_template_version on transactions.draft (template_version_id, organisation_id)
  where template_version_id is not null;

-- Transactions of shops and cards, each once by the id its source gives it.
create table transactions.recorded_transaction (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  source text not null,
  external_id text not null,
  kind text not null check (kind in ('SALE', 'PAYMENT', 'REFUND', 'FEE', 'PAYOUT', 'TAX', 'TIP', 'GIFT_CARD', 'EXPENSE',
                                     'REIMBURSEMENT', 'ASSET_PURCHASE')),
  occurred_on date not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  gross_minor bigint not null,
  -- Everything that was said of it, as it was said.
  input jsonb not null,
  input_hash text not null,
  template_version_id text not null,
  template_rule text not null,
  draft_id text,
  journal_entry_id text,
  recorded_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, template_version_id) references transactions.mapping_template_version,
  foreign key (organisation_id, draft_id) references transactions.draft,
  foreign key (organisation_id, journal_entry_id) references transactions.journal_entry,
  check (num_nonnulls(draft_id, journal_entry_id) = 1)
);
create unique index recorded_transaction_external
  on transactions.recorded_transaction (book_id, source, external_id, organisation_id);
create index recorded_transaction_of_book on transactions.recorded_transaction (book_id, occurred_on, id);
create index recorded_transaction_of_version on transactions.recorded_transaction (template_version_id, organisation_id);
create index recorded_transaction_of_draft on transactions.recorded_transaction (draft_id, organisation_id)
  where draft_id is not null;
create index recorded_transaction_of_entry on transactions.recorded_transaction (journal_entry_id, organisation_id)
  where journal_entry_id is not null;
select kernel.tenant_table('transactions.recorded_transaction', 'crossfoot_transactions');
select kernel.book_table('transactions.recorded_transaction');
select kernel.append_only('transactions.recorded_transaction', 'crossfoot_transactions');
