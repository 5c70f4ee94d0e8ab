"""EventBridge: our events go to its buses, rules deliver to targets, scheduled rules and schedules invoke targets."""
