CREATE TABLE sealed (
    batch TEXT NOT NULL,
    mark BLOB NOT NULL,
    box BLOB NOT NULL,
    PRIMARY KEY (batch, mark)
);

CREATE TABLE withdrawn (
    room TEXT NOT NULL,
    mark BLOB NOT NULL,
    PRIMARY KEY (room, mark)
);

CREATE TABLE late (
    room TEXT NOT NULL,
    mark BLOB NOT NULL,
    box BLOB NOT NULL,
    PRIMARY KEY (room, mark)
);
