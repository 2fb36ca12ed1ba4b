-- +goose Up
-- One row a referral: what the queue needs, nothing personal.
CREATE TABLE intake_referral (
	id BIGINT PRIMARY KEY, -- dense, in order of arrival; never shown
	ref TEXT COLLATE "C" NOT NULL UNIQUE, -- its name at this desk, from (source, external_id)
	source TEXT COLLATE "C" NOT NULL,
	external_id TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL, -- first kind
	media TEXT COLLATE "C" NOT NULL,
	risk BIGINT NOT NULL,
	completeness BIGINT NOT NULL,
	countries TEXT COLLATE "C" NOT NULL, -- ISO codes with a blank between, strongest first
	links BIGINT NOT NULL,
	notices BIGINT NOT NULL,
	provider TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL, -- the current one
	versions BIGINT NOT NULL, -- how many are kept
	stage BIGINT NOT NULL, -- revision of the current version
	stated_us BIGINT NOT NULL,
	incident_us BIGINT NOT NULL, -- 0 unknown
	received_us BIGINT NOT NULL, -- by the source, or else by the desk
	recorded_us BIGINT NOT NULL, -- first version
	changed_us BIGINT NOT NULL, -- newest version or assessment
	data_key BYTEA NOT NULL -- wrapped; without it the versions are noise
);
CREATE INDEX intake_referral_queue ON intake_referral (state, risk DESC, completeness DESC, id DESC);

-- One row for each version of a referral, sealed with the referral's data key.
CREATE TABLE intake_version (
	number BIGINT PRIMARY KEY, -- dense over all referrals: the order in which they were recorded
	referral BIGINT NOT NULL REFERENCES intake_referral (id),
	version BIGINT NOT NULL, -- 1, 2, … in order of arrival
	digest BYTEA NOT NULL, -- SHA-256 of the draft
	ours BIGINT NOT NULL, -- fingerprints that the desk computed itself
	format TEXT COLLATE "C" NOT NULL,
	reader BIGINT NOT NULL,
	stage BIGINT NOT NULL,
	stated_us BIGINT NOT NULL,
	recorded_us BIGINT NOT NULL,
	batch BIGINT NOT NULL,
	content BYTEA NOT NULL, -- draft, sealed
	findings BYTEA NOT NULL -- JSON, packed; empty where there are none
);
CREATE INDEX intake_version_referral ON intake_version (referral, version);

-- What the desk concluded, as often as it did. Nothing personal is in it.
CREATE TABLE intake_assessment (
	referral BIGINT NOT NULL REFERENCES intake_referral (id),
	number BIGINT NOT NULL, -- 1, 2, …
	version BIGINT NOT NULL, -- of the referral
	made_us BIGINT NOT NULL,
	body BYTEA NOT NULL, -- JSON, packed
	PRIMARY KEY (referral, number)
);

-- Blind index of identifiers: equal ones meet here without being readable.
-- Nine of ten rows of the store are in the two tables below, each on a page
-- of its own, so they are as short as they can be and name their referral
-- without a foreign key, which would look for it again at every row.
CREATE TABLE intake_identifier (
	blind BYTEA NOT NULL, -- 12 bytes
	referral BIGINT NOT NULL,
	how BIGINT NOT NULL, -- 2 × number of the role, + 1 where it is only mentioned
	since BIGINT NOT NULL, -- number of the version that brought it
	until BIGINT NOT NULL, -- number of the version that dropped it, 0: it holds
	PRIMARY KEY (blind, referral, since)
);

-- Fingerprints of the files that referrals name.
CREATE TABLE intake_fingerprint (
	kind TEXT COLLATE "C" NOT NULL,
	value BYTEA NOT NULL, -- bytes of a fingerprint of known form, else its text
	referral BIGINT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (kind, value, referral, since)
);

-- Countries concerned, for filters.
CREATE TABLE intake_country (
	country TEXT COLLATE "C" NOT NULL,
	referral BIGINT NOT NULL,
	PRIMARY KEY (country, referral)
);

-- One row for each run of intake: its ledger must reconcile before it closes.
CREATE TABLE intake_batch (
	id BIGINT PRIMARY KEY,
	name TEXT COLLATE "C" NOT NULL, -- digest of what was asked for: the same again resumes an interrupted one
	inputs TEXT COLLATE "C" NOT NULL,
	actor TEXT COLLATE "C" NOT NULL,
	owner TEXT COLLATE "C" NOT NULL, -- process that works on it
	beat_us BIGINT NOT NULL, -- its last sign of life
	state TEXT COLLATE "C" NOT NULL, -- running, closed
	started_us BIGINT NOT NULL,
	closed_us BIGINT NOT NULL,
	accepted BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	duplicate BIGINT NOT NULL,
	refused BIGINT NOT NULL
);
CREATE INDEX intake_batch_name ON intake_batch (name, state);

-- The ledger: which item became what. One row holds a group of items.
CREATE TABLE intake_ledger (
	batch BIGINT NOT NULL REFERENCES intake_batch (id),
	page BIGINT NOT NULL,
	items BIGINT NOT NULL,
	keys BYTEA NOT NULL, -- 16 bytes an item, to resume
	body BYTEA NOT NULL, -- JSON, packed and sealed: path, outcome, ref
	PRIMARY KEY (batch, page)
);

-- Refused items, sealed with their reasons until they are repaired or expire.
CREATE TABLE intake_refused (
	id BIGINT PRIMARY KEY,
	digest BYTEA NOT NULL UNIQUE, -- SHA-256 of the item (its place where there are no bytes)
	batch BIGINT NOT NULL,
	state TEXT COLLATE "C" NOT NULL, -- held, taken, expired
	format TEXT COLLATE "C" NOT NULL,
	size BIGINT NOT NULL,
	seen BIGINT NOT NULL, -- how often it came
	first_us BIGINT NOT NULL,
	last_us BIGINT NOT NULL,
	reasons BYTEA NOT NULL, -- JSON, packed: findings, no personal values
	content BYTEA NOT NULL -- path and bytes, sealed; empty once taken or expired
);
CREATE INDEX intake_refused_state ON intake_refused (state, id);
