"""An account as a whole: creating, freezing, releasing, erasing it, and renewing its password."""
