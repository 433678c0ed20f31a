"""What Communications orders of accounts: a change by a day, a freeze or take-over in a crisis."""
