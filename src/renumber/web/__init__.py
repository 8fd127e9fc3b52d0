"""How it is shown: pages, the API, and the words for a refusal."""
