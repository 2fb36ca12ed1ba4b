-- +goose Up
-- Hash lists are opinions. Each change of any list has a number; a row of an
-- entry holds from the change "since" until the change "until" (0: it holds),
-- so that the lists can be had as they were at any number.
CREATE TABLE known_list (
	id BIGINT PRIMARY KEY,
	name TEXT COLLATE "C" NOT NULL UNIQUE,
	source TEXT COLLATE "C" NOT NULL,
	good BIGINT NOT NULL, -- 1: names known-good files
	note TEXT COLLATE "C" NOT NULL,
	created_us BIGINT NOT NULL,
	removed BIGINT NOT NULL -- number of the change that removed it, 0: it is there
);
CREATE TABLE known_change (
	number BIGINT PRIMARY KEY,
	list BIGINT NOT NULL REFERENCES known_list (id),
	what TEXT COLLATE "C" NOT NULL, -- import, remove
	state TEXT COLLATE "C" NOT NULL, -- open while rows are written, done, undone
	actor TEXT COLLATE "C" NOT NULL,
	owner TEXT COLLATE "C" NOT NULL,
	at_us BIGINT NOT NULL,
	added BIGINT NOT NULL,
	changed BIGINT NOT NULL,
	removed BIGINT NOT NULL
);
CREATE TABLE known_entry (
	id BIGINT PRIMARY KEY,
	list BIGINT NOT NULL REFERENCES known_list (id),
	identity BYTEA NOT NULL, -- digest of list, source and entry
	source TEXT COLLATE "C" NOT NULL,
	entry TEXT COLLATE "C" NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	digest BIGINT NOT NULL, -- of all that the entry says
	more BYTEA NOT NULL -- JSON of what is not in columns and fingerprints; empty where there is nothing
);
CREATE INDEX known_entry_identity ON known_entry (identity, since);
CREATE TABLE known_fingerprint (
	entry BIGINT NOT NULL REFERENCES known_entry (id),
	place BIGINT NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	value BYTEA NOT NULL, -- bytes of a digest or PDQ, text of an opaque value
	quality BIGINT NOT NULL,
	PRIMARY KEY (entry, place)
);
