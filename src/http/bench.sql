-- The benchmark's own table, made when the first row is written; no other site has it.

-- name: bench_table
CREATE TABLE IF NOT EXISTS bench_floor (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT

-- name: bench_insert
INSERT INTO bench_floor (at) VALUES ($1)
