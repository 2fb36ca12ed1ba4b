-- +goose Up
-- Hash lists are opinions. Each change of any list has a number; a row of an
-- entry holds from the change "since" until the change "until" (0: it holds),
-- so that the lists can be had as they were at any number.
CREATE TABLE known_list (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	source TEXT NOT NULL,
	good BIGINT NOT NULL, -- 1: names known-good files
	note TEXT NOT NULL,
	created_us BIGINT NOT NULL,
	removed BIGINT NOT NULL -- number of the change that removed it, 0: it is there
);
CREATE TABLE known_change (
	number INTEGER PRIMARY KEY,
	list BIGINT NOT NULL REFERENCES known_list (id),
	what TEXT NOT NULL, -- import, remove
	state TEXT NOT NULL, -- open while rows are written, done, undone
	actor TEXT NOT NULL,
	owner TEXT NOT NULL,
	at_us BIGINT NOT NULL,
	added BIGINT NOT NULL,
	changed BIGINT NOT NULL,
	removed BIGINT NOT NULL
);
CREATE TABLE known_entry (
	id INTEGER PRIMARY KEY,
	list BIGINT NOT NULL REFERENCES known_list (id),
	identity BLOB NOT NULL, -- digest of list, source and entry
	source TEXT NOT NULL,
	entry TEXT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	digest BIGINT NOT NULL, -- of all that the entry says
	more BLOB NOT NULL -- JSON of what is not in columns and fingerprints; empty where there is nothing
);
CREATE INDEX known_entry_identity ON known_entry (identity, since);
CREATE TABLE known_fingerprint (
	entry BIGINT NOT NULL REFERENCES known_entry (id),
	place BIGINT NOT NULL,
	kind TEXT NOT NULL,
	value BLOB NOT NULL, -- bytes of a digest or PDQ, text of an opaque value
	quality BIGINT NOT NULL,
	PRIMARY KEY (entry, place)
) WITHOUT ROWID;
