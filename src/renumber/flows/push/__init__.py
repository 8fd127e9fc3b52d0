"""Push: devices that hold a key, and the prompts that they answer."""
