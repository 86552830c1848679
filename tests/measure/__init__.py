"""Commands that measure what the README and docs/measurements.md state."""
