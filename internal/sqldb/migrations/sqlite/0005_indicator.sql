-- +goose Up
-- What an indicator is, in the desk's own words, and the events that may
-- explain a change. Every version is kept.
CREATE TABLE indicator_statement (
	kind TEXT NOT NULL, -- definition, event
	id TEXT NOT NULL,
	version BIGINT NOT NULL, -- 1, 2, …
	at_us BIGINT NOT NULL,
	actor TEXT NOT NULL,
	removed BIGINT NOT NULL, -- 1: from here on it is not there
	body TEXT NOT NULL, -- JSON
	PRIMARY KEY (kind, id, version)
) WITHOUT ROWID;

-- A series has a small number, and what a list of series shows.
CREATE TABLE indicator_series (
	id INTEGER PRIMARY KEY, -- dense, in order of arrival
	indicator TEXT NOT NULL,
	source TEXT NOT NULL,
	geography TEXT NOT NULL,
	length TEXT NOT NULL, -- day, week, month, quarter
	first BIGINT NOT NULL, -- first day of its first period, in days since 1970-01-01
	last BIGINT NOT NULL, -- first day of its last period
	periods BIGINT NOT NULL, -- of which something is known
	revisions BIGINT NOT NULL, -- observations beyond the first of a period
	learned_us BIGINT NOT NULL -- newest
);
CREATE UNIQUE INDEX indicator_series_key ON indicator_series (indicator, source, geography, length);

-- What is known of a period, as often as it was said anew; never changed.
-- What was learned last counts, and of what was learned at the same moment
-- the later revision. One number is the key because that is what a tree of
-- rows is fastest with: periods of a series, and revisions of a period, are
-- neighbours.
CREATE TABLE indicator_observation (
	id INTEGER PRIMARY KEY, -- series * 2^32 + first day of the period * 2^16 + revision, from 0
	learned_us BIGINT NOT NULL,
	batch BIGINT NOT NULL, -- of indicator_batch
	state BIGINT NOT NULL, -- 2 * (0 observed, 1 unavailable, 2 not reported, 3 suppressed), and 1 where provisional
	value REAL NOT NULL -- 0 where it is not observed
);

-- One row for each run of an import: its ledger must reconcile before it closes.
CREATE TABLE indicator_batch (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL, -- digest of what was asked for: the same again resumes an interrupted one; empty where nothing can
	inputs TEXT NOT NULL,
	actor TEXT NOT NULL,
	owner TEXT NOT NULL, -- process that works on it
	beat_us BIGINT NOT NULL, -- its last sign of life
	state TEXT NOT NULL, -- running, closed, stopped
	learned_us BIGINT NOT NULL, -- as the request says; 0: each page when it was recorded
	started_us BIGINT NOT NULL,
	closed_us BIGINT NOT NULL,
	accepted BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	duplicate BIGINT NOT NULL,
	refused BIGINT NOT NULL,
	late BIGINT NOT NULL, -- of the updated: older than what was known already
	restated BIGINT NOT NULL, -- of the updated: the figure before was final
	created BIGINT NOT NULL -- series that it began
);
CREATE INDEX indicator_batch_name ON indicator_batch (name, state);

-- The ledger: what became of the rows of a page, in their order.
CREATE TABLE indicator_ledger (
	batch BIGINT NOT NULL REFERENCES indicator_batch (id),
	page BIGINT NOT NULL, -- from 1
	items BIGINT NOT NULL,
	outcomes BLOB NOT NULL, -- runs: outcome and length
	digest BLOB NOT NULL, -- SHA-256 over the digest of the page before and the rows of this one
	PRIMARY KEY (batch, page)
) WITHOUT ROWID;

-- Refused rows, sealed with their reasons until they expire.
CREATE TABLE indicator_refused (
	id INTEGER PRIMARY KEY,
	digest BLOB NOT NULL UNIQUE, -- SHA-256 of the row and its place
	batch BIGINT NOT NULL, -- the last one that it came with
	state TEXT NOT NULL, -- held, expired
	seen BIGINT NOT NULL, -- how often it came
	first_us BIGINT NOT NULL,
	last_us BIGINT NOT NULL,
	content BLOB NOT NULL -- place, row and reasons, sealed; empty once expired
);
CREATE INDEX indicator_refused_state ON indicator_refused (state, id);

-- Counts that grow while a day lasts. Nothing is known of whom they count.
CREATE TABLE indicator_tally (
	indicator TEXT NOT NULL,
	geography TEXT NOT NULL,
	day BIGINT NOT NULL, -- since 1970-01-01
	n BIGINT NOT NULL,
	PRIMARY KEY (indicator, geography, day)
) WITHOUT ROWID;
