-- +goose Up
-- What the desk knows of itself: the name of its keys, settings that outlive a start.
CREATE TABLE desk_meta (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;
