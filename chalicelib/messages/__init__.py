"""What we say to customers, in their language: views in, texts and pages out. No I/O, no clock."""
