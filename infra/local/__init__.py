"""The local stack: the packaged application in an AWS emulator on loopback, with an inbox beside it."""
