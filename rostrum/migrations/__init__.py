"""The database history of the one app: named for what each step does."""
