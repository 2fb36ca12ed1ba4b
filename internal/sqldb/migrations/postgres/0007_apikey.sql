-- +goose Up
-- Keys of partners' programs. Their secrets are not here.
CREATE TABLE apikey_key (
	id TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- 8 characters, a part of the secret's text
	digest BYTEA NOT NULL, -- SHA-256 of the secret's text
	name TEXT NOT NULL, -- of whose program it is
	scopes TEXT COLLATE "C" NOT NULL, -- with blanks between
	source TEXT COLLATE "C" NOT NULL, -- figures written with it are of this source; empty: it writes none
	indicators TEXT COLLATE "C" NOT NULL, -- with blanks between; empty: all
	created_us BIGINT NOT NULL,
	actor TEXT COLLATE "C" NOT NULL, -- who made it
	expires_us BIGINT NOT NULL, -- 0: never
	revoked_us BIGINT NOT NULL, -- 0: it was not
	used_day BIGINT NOT NULL, -- last, in days since 1970-01-01; 0: never
	failures BIGINT NOT NULL -- how often its id came without what makes it valid
);
