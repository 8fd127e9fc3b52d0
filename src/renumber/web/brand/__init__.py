"""The operator's mark: one tile for header, favicon and app, drawn from the brand's name and colour."""
