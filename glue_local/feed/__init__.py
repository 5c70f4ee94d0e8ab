"""The Flemish traffic feed (Meten-in-Vlaanderen): read it, invent it, publish it, record it."""
