"""Another Renumber as the company's identity provider: a whole sign-in between two services, over HTTP on loopback."""
