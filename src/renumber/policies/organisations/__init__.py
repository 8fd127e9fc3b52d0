"""The choices about organisations: who may answer for one, and how long changes wait for that."""
