select kernel.book_table('transactions.book', 'id');
select kernel.book_table('transactions.document');
select kernel.book_table('transactions.mapping_rule');
select kernel.book_table('transactions.account');
select kernel.book_table('transactions.period');
select kernel.book_table('transactions.entry_counter');
select kernel.book_table('transactions.journal_entry');
select kernel.book_table('transactions.draft');
