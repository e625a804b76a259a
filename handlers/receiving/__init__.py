"""From what came in to what it leads to: the loop, one turn of it, and the way to what answers."""
