"""Events that others hear of: their types, the facts behind them, and the waits before one is sent again."""
