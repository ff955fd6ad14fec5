-- Where a vendor is: banks ask for it in payments that leave the SEPA area.
alter table vendors.vendor add address jsonb;
