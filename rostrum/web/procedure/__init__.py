"""Pages where the division sets what the procedure leaves open."""
