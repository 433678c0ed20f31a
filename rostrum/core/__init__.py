"""The clock, refusals and text: small things every layer needs, and no domain word."""
