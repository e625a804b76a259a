"""What whoever takes part does: coming in, registering, asking, choosing, leaving."""
