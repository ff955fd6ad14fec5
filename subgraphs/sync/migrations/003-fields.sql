-- Values of the book's custom fields by key; what its lines belong to stands in the lines: {"dimensions": {"costCentre": "CC1"}}.
alter table sync.posted_entry add fields jsonb not null default '{}';
