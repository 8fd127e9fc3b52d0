"""What the roles of customer relations may do, and what a recovery case takes."""
