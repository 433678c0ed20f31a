"""Making one legal move: permitted, apart, in state, once, recorded."""
