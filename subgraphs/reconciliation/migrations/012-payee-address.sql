-- Where a payee is, for payments that leave the SEPA area.
alter table reconciliation.payee add address jsonb;
