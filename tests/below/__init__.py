"""A real server while something below it fails: disk, files, memory, clock, network. Everybody is answered."""
