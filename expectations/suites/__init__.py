"""What is expected: of deliveries by their contracts and by source, and of the marts."""
