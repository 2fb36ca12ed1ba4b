-- +goose Up
-- The audit trail: entries, the tiles of hashes over them, the signed head.
-- Every column of every table is covered by a hash or a signature (package audit).
CREATE TABLE audit_entry (
	idx INTEGER PRIMARY KEY, -- place in the log, from 0
	at_us BIGINT NOT NULL,
	actor TEXT NOT NULL,
	kind TEXT NOT NULL, -- collection, alteration, consultation, disclosure, combination, erasure
	action TEXT NOT NULL,
	subject TEXT NOT NULL,
	detail TEXT NOT NULL -- JSON
);
CREATE TABLE audit_tile (
	level BIGINT NOT NULL,
	n BIGINT NOT NULL,
	data BLOB NOT NULL, -- up to 256 hashes of 32 bytes
	PRIMARY KEY (level, n)
) WITHOUT ROWID;
CREATE TABLE audit_head (
	id INTEGER PRIMARY KEY, -- always 1
	note TEXT NOT NULL -- signed note over size and root
);
