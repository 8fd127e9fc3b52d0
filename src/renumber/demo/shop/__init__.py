"""A small shop beside the web app: an application of its own origin, which has joined as any other would."""
