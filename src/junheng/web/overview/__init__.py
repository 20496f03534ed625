"""一张图: the whole region on one screen, drilled 省-市-县-校."""
