CREATE TABLE tombstone (
    room TEXT PRIMARY KEY,
    day TEXT NOT NULL
);
