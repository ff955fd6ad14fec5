-- Whoever pays vendors keeps its own copy of them and of their sealed accounts. What was registered before is told once.
-- The owner may be an ordinary role, for whom the tenant policies would hide every row.
alter table vendors.vendor no force row level security;
alter table vendors.vendor_bank_detail no force row level security;
alter table kernel.outbox no force row level security;
insert into kernel.outbox (organisation_id, type, subject_id, facts, actor_id, occurred_at)
select organisation_id, 'vendor.changed', id,
       jsonb_strip_nulls(jsonb_build_object('name', name, 'status', status, 'country', country)), 'vendors', now()
  from vendors.vendor order by organisation_id, id;
insert into kernel.outbox (organisation_id, type, subject_id, facts, actor_id, occurred_at)
select organisation_id, 'vendorBankDetail.added', id,
       jsonb_strip_nulls(jsonb_build_object('vendorId', vendor_id, 'sealedAccount', sealed_account,
         'accountIndex', account_index, 'lastFour', last_four, 'bic', bic, 'holder', holder)), 'vendors', now()
  from vendors.vendor_bank_detail order by organisation_id, id;
alter table kernel.outbox force row level security;
alter table vendors.vendor_bank_detail force row level security;
alter table vendors.vendor force row level security;
