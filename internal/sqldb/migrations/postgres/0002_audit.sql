-- +goose Up
-- The audit trail: entries, the tiles of hashes over them, the signed head.
-- Every column of every table is covered by a hash or a signature (package audit).
CREATE TABLE audit_entry (
	idx BIGINT PRIMARY KEY, -- place in the log, from 0
	at_us BIGINT NOT NULL,
	actor TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL, -- collection, alteration, consultation, disclosure, combination, erasure
	action TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	detail TEXT COLLATE "C" NOT NULL -- JSON
);
CREATE TABLE audit_tile (
	level BIGINT NOT NULL,
	n BIGINT NOT NULL,
	data BYTEA NOT NULL, -- up to 256 hashes of 32 bytes
	PRIMARY KEY (level, n)
);
CREATE TABLE audit_head (
	id BIGINT PRIMARY KEY, -- always 1
	note TEXT COLLATE "C" NOT NULL -- signed note over size and root
);
