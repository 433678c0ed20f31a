"""Reviews by Communications: checklists drawn from clauses, evidence, findings with a due fix, second reviewers."""
