CREATE TABLE wrapped_key (
    name TEXT PRIMARY KEY,
    box BLOB NOT NULL
);
