"""What runs inside the emulator's own environment, around MiniStack; nothing here may import from the product."""
