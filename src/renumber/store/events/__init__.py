"""Events as they are kept: written with the act, published in one order, delivered to webhooks, read by cursor."""
