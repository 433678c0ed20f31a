"""SCIM 2.0 (RFC 7643, 7644): the division's own directory of staff keeps the list of people, by itself."""
