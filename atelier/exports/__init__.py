"""What leaves a room: one document, many formats."""
