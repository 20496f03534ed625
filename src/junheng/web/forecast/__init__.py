"""学位预测: ranges, gaps, warnings and scenarios."""
