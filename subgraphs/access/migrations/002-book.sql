select kernel.book_table('access.book', 'id');
