"""Staff pages: closing an account: the checklist, parking, merging, splitting."""
