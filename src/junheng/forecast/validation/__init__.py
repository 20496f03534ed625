"""How far to trust it: rolling-origin backtest beside common methods, ranges learnt from past errors."""
