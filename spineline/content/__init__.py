"""What the clinic says, read and checked at the start. Every room above `danger` may read it; it decides nothing."""
