ALTER TABLE room ADD COLUMN notes_until TEXT;
ALTER TABLE room ADD COLUMN room_until TEXT;

CREATE TABLE forgotten (
    room TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (room, words)
);

CREATE TABLE clock (
    name TEXT PRIMARY KEY,
    seen INTEGER NOT NULL,
    doubted INTEGER,
    held INTEGER NOT NULL
);
