"""Apply plans to an account: locking, recording, rolling back."""
