"""Junheng 均衡: the working desk of a region's education bureau."""

__version__ = "0.5.0"
