"""Acts of applications that sign people in, and of people on their way to one."""
