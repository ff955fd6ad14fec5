select kernel.book_table('reconciliation.bank_account');
select kernel.book_table('reconciliation.bank_statement');
select kernel.book_table('reconciliation.statement_line');
select kernel.book_table('reconciliation.open_item');
select kernel.book_table('reconciliation.match');
select kernel.book_table('reconciliation.exception');
