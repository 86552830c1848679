"""What Kept does, one verb a file, over the ports named in `ports`."""
