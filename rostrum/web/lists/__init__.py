"""What a reader does with a list: choose columns, keep filters, take the table away."""
