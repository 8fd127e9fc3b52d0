"""The check of somebody who calls: asked for by staff, answered by the caller, and what it is worth."""
