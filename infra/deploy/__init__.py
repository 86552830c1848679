"""Deploying Kept to AWS: check everything, package, upload, change the stack."""
