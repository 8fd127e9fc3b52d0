"""Who acts."""

OWNER, VISITOR, OPERATOR, SYSTEM = "owner", "visitor", "operator", "system"
