"""The algorithms that applications may sign with: none that a public key could verify by mistake."""

# FAPI 2.0 5.4.1; RFC 9864 names EdDSA by its curve.
STRICT_ALGORITHMS = ("ES256", "PS256", "EdDSA", "Ed25519")
SIGNATURE_ALGORITHMS = ("RS256", *STRICT_ALGORITHMS)
