"""Who holds an account: managers over time, access, student helpers, departures and how each is handed over."""
