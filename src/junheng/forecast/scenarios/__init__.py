"""What if: dated levers, named scenarios, differences on the same draws."""
