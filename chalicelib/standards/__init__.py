"""The service standards that the company publishes (standards.json), and how they are read."""
