"""Compare the example's two workflows through AWS's APIs: their rows, figures and prices, and a report page."""
