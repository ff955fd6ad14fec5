select kernel.book_table('approvals.approval_policy');
select kernel.book_table('approvals.approval_request');
