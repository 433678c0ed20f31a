"""Blogs: the four big services by name, and any other site with a feed."""
