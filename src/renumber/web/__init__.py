"""Pages and the API: requests in, replies out, and a sentence for each refusal."""
