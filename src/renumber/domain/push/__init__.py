"""Push: devices that are enrolled, the prompts that wake them, and the texts that they sign."""
