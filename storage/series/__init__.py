"""What organisers publish: series, webinars, pictures, and the cuts that they know of."""
