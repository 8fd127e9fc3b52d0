"""The acts that each role of customer relations may do, and the rules of recovery cases."""
