-- +goose Up
-- What the desk knows of itself: the name of its keys, settings that outlive a start.
CREATE TABLE desk_meta (
	name TEXT COLLATE "C" PRIMARY KEY,
	value TEXT COLLATE "C" NOT NULL
);
