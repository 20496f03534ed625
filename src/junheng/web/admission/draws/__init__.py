"""The public draw: trial, freeze, announcement, ceremony."""
