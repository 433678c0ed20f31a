"""Whether an account is still right and alive: certification, last posts, promised rhythm, quiet ones."""
