"""A whole school year of a small division, lived by its people and its clock."""
