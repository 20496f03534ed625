"""The parts of the annual report, one file each: what a leader must see, in order."""
