"""Template tags that Rostrum's pages share."""
