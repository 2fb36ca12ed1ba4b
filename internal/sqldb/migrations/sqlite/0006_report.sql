-- +goose Up
-- What editors wrote to a section of a report, all versions. It belongs to the
-- window that the report is about, and survives later editions.
CREATE TABLE report_note (
	period TEXT NOT NULL, -- first and last day
	section TEXT NOT NULL,
	number BIGINT NOT NULL, -- 1, 2, …
	text TEXT NOT NULL, -- empty: taken away
	author TEXT NOT NULL,
	written_us BIGINT NOT NULL,
	PRIMARY KEY (period, section, number)
) WITHOUT ROWID;
