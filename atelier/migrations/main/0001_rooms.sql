CREATE TABLE account (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    password TEXT
);

CREATE TABLE link (
    mark BLOB PRIMARY KEY,
    account TEXT REFERENCES account (id) ON DELETE CASCADE,
    until INTEGER NOT NULL
);

CREATE TABLE sitting (
    mark BLOB PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    until INTEGER NOT NULL
);

CREATE TABLE room (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES account (id),
    code_mark BLOB UNIQUE,
    code_box BLOB NOT NULL,
    epoch TEXT NOT NULL,
    opened INTEGER NOT NULL,
    attended INTEGER NOT NULL,
    finish_at INTEGER,
    finished INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE event (
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    minute INTEGER,
    PRIMARY KEY (room, seq)
);

CREATE TABLE words (
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    box BLOB NOT NULL,
    PRIMARY KEY (room, id)
);

CREATE TABLE secret (
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    note TEXT NOT NULL,
    mark BLOB NOT NULL,
    rev INTEGER NOT NULL,
    PRIMARY KEY (room, note)
);
