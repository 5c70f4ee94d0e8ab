"""The Flemish traffic feed (Meten-in-Vlaanderen): read, simulate, publish and record it."""
