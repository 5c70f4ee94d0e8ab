"""Operations on jobs, job runs and bookmarks."""
