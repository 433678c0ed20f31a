"""Plain reading of the procedure for people, and who acknowledged which edition on which day."""
